import { Failure, type FailureKind } from '../model/failure.ts';
import {
  isRefusingPage,
  refusedInBetween,
  vendorCondition,
  waitIn,
} from '../model/formats/vendor-condition.ts';
import { serviceTitles, type Service } from '../model/service.ts';
import { certificateProblem, errorCode } from './certificate-problem.ts';
import { oneLine, redact } from './redact.ts';

/** Why a call brought no usable response. */
export type HttpProblem =
  | { type: 'status'; status: number }
  | { type: 'timed-out'; ms: number }
  | { type: 'went-quiet'; ms: number }
  | { type: 'no-connection'; detail: string }
  | { type: 'not-json'; status: number }
  | { type: 'unexpected-answer'; status: number; detail: string }
  | { type: 'redirected'; status: number; to: string };

/** A call that failed; all its texts are redacted. */
export class HttpFailure extends Failure {
  readonly status: number | null;
  /** The body, without secrets. */
  readonly bodyText: string;
  /** The body as JSON; undefined when it is not JSON. */
  readonly data: unknown;
  readonly headers: Headers;
  /** The vendor's own sentence, without secrets; empty where it sent none. */
  readonly sentence: string;

  constructor(options: {
    problem: HttpProblem;
    service: Service;
    /** Its name, where that is not the service's. */
    vendor?: string | undefined;
    what: string;
    bodyText?: string;
    data?: unknown;
    headers?: Headers;
    cause?: unknown;
  }) {
    const { service, what, bodyText = '', data } = options;
    const status = options.problem.type === 'status' ? options.problem.status : null;
    const problem: HttpProblem =
      status !== null && isRefusingPage(status, bodyText) ? { type: 'not-json', status } : options.problem;
    const kind = kindOf({ problem, service, bodyText, data });
    const about = { kind, service, cause: options.cause };
    const sentence = vendorText(data, bodyText);
    const vendor = options.vendor ?? serviceTitles[service];
    super({ ...describe({ ...about, vendor, what, problem, vendorText: sentence }), ...about });
    this.status = 'status' in problem ? problem.status : null;
    this.bodyText = bodyText;
    this.data = data;
    this.headers = options.headers ?? new Headers();
    this.sentence = sentence;
  }
}

function kindOf(response: {
  problem: HttpProblem;
  service: Service;
  bodyText: string;
  data: unknown;
}): FailureKind {
  const { problem } = response;
  if (problem.type === 'unexpected-answer' || problem.type === 'redirected') return 'failed';
  if (problem.type !== 'status') return 'unreachable';
  if (isKeyRejected({ ...response, status: problem.status })) return 'rejected';
  return isTransientStatus(problem.status) ? 'unreachable' : 'failed';
}

/** Statuses after which another attempt may succeed. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Each vendor rejects a key in its own way: Vercel by 403, Gemini by 400, Qdrant by 403 in plain text. */
function isKeyRejected(response: {
  service: Service;
  status: number;
  bodyText: string;
  data: unknown;
}): boolean {
  const { service, status, bodyText } = response;
  if (status === 401) return true;
  if (service === 'vercel')
    return status === 403 && /"(invalidToken|missingToken)"\s*:\s*true/.test(bodyText);
  if (service === 'gemini') return status === 400 && /API_KEY_INVALID|API key (not|expired)/i.test(bodyText);
  // What a known key may not do comes in JSON.
  return service === 'qdrant' && status === 403 && response.data === undefined;
}

/** The vendor's own sentence: `{error}`, `{error:{message}}`, `{status:{error}}`, `{message}`, or the bare text. */
function vendorText(data: unknown, bodyText: string): string {
  for (const path of [['error', 'message'], ['error'], ['status', 'error'], ['message']]) {
    let text: unknown = data;
    for (const key of path) {
      text = typeof text === 'object' && text !== null ? Reflect.get(text, key) : undefined;
    }
    if (typeof text === 'string' && text !== '') return oneLine(text);
  }
  return data === undefined ? oneLine(bodyText) : '';
}

/** `VENDOR` stands for the vendor's name. */
const statusCodes: Record<number, { code: string; words: string; remedy: string }> = {
  400: {
    code: 'bad-request',
    words: 'did not understand the request',
    remedy: 'Check the values given for VENDOR.',
  },
  401: {
    code: 'key-rejected',
    words: 'does not accept the key',
    remedy: 'Give a key of VENDOR that is valid.',
  },
  402: {
    code: 'payment-required',
    words: 'asks for a paid plan',
    remedy: 'Look at the plan of the VENDOR account.',
  },
  403: {
    code: 'forbidden',
    words: 'does not allow it with this key',
    remedy: 'Give a key of VENDOR with more rights.',
  },
  404: {
    code: 'not-found',
    words: 'knows nothing under that name',
    remedy: 'Check the name, and that the VENDOR key may see it.',
  },
  409: {
    code: 'conflict',
    words: 'says that it is there already or in use',
    remedy: 'Run again in a minute; if it stays so, look at it on VENDOR.',
  },
  429: {
    code: 'rate-limited',
    words: 'rate-limited you',
    remedy: 'Give VENDOR some minutes, then run again.',
  },
};

type Described = { code: string; message: string; remedy: string };

type DescribeOptions = { kind: FailureKind; vendor: string; what: string; vendorText: string };

function describe(options: DescribeOptions & { problem: HttpProblem; cause: unknown }): Described {
  const { problem, vendor, what } = options;
  const again = `Check your connection and ${vendor}’s status page, then run again.`;
  const say = (words: string, detail: string, remedy: string): Described => ({
    code: problem.type,
    message: `${vendor} ${words} while ${what}${detail === '' ? '.' : `: ${detail}`}`,
    remedy,
  });
  switch (problem.type) {
    case 'status':
      return describeStatus({ ...options, status: problem.status, again });
    case 'timed-out':
      return say(`did not answer within ${problem.ms / 1000} s`, '', again);
    case 'went-quiet':
      return say(`sent nothing for ${problem.ms / 1000} s`, '', again);
    case 'no-connection':
      return say('could not be reached', problem.detail, connectionRemedy(options.cause) ?? again);
    case 'not-json':
      return problem.status >= 400
        ? say(`was not asked: a page answered (${problem.status})`, options.vendorText, refusedInBetween)
        : say('sent something other than JSON', '', `A proxy or sign-in page may stand in between. ${again}`);
    case 'unexpected-answer':
      return say(
        'sent a response in an unexpected format',
        problem.detail,
        `Look for a newer rag-space-setup, which knows the format that ${vendor} uses now.`,
      );
    case 'redirected':
      return say(
        'points to another host',
        problem.to,
        `No key is sent there. Check the address that was given for ${vendor}.`,
      );
    default:
      return problem satisfies never;
  }
}

function describeStatus(options: DescribeOptions & { status: number; again: string }): Described {
  const { status, vendor, what } = options;
  const transient = { code: 'server-error', words: 'has a problem of its own', remedy: options.again };
  const refused = {
    code: 'refused',
    words: 'refused',
    remedy: 'Check the values given for VENDOR, then run again.',
  };
  const entry = statusCodes[options.kind === 'rejected' ? 401 : status];
  const byStatus = entry ?? (isTransientStatus(status) ? transient : refused);
  const condition =
    options.kind === 'rejected' || status === 429 ? null : vendorCondition(options.vendorText, vendor);
  const limit = condition?.code === 'rate-limited' ? { words: statusCodes[429]?.words ?? '' } : null;
  const { code, words, remedy } = { ...byStatus, ...condition, ...limit };
  const wait = code === 'rate-limited' ? waitIn(options.vendorText) : null;
  const quoted = options.vendorText === '' ? '' : `: ${options.vendorText}`;
  return {
    code,
    message: `${vendor} ${words} while ${what} (${status})${quoted}`,
    remedy: wait === null ? remedy.replace('VENDOR', vendor) : `Wait ${wait}, then run again.`,
  };
}

/** What helps where the way to the vendor is at fault, not the vendor; null where that is not known. */
function connectionRemedy(cause: unknown): string | null {
  const code = errorCode(cause);
  if (code === 'ERR_PROXY')
    return 'Check HTTPS_PROXY and its login; NO_PROXY names the hosts to reach without it. Then run again.';
  return certificateProblem(code)?.remedy ?? null;
}

/** Node's reason for a failed connection, which fetch puts into its cause. */
export function reasonOf(error: unknown): string {
  const words: Record<string, string> = {
    ENOTFOUND: 'no such host (ENOTFOUND)',
    EAI_AGAIN: 'the name could not be looked up (EAI_AGAIN)',
    ECONNREFUSED: 'the connection was refused (ECONNREFUSED)',
    ECONNRESET: 'the connection was cut (ECONNRESET)',
    UND_ERR_SOCKET: 'the connection was cut',
  };
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code: unknown = Reflect.get(cause, 'code');
    if (code === 'ERR_PROXY') return oneLine(redact(cause.message));
    if (typeof code === 'string') return words[code] ?? certificateReason(code) ?? code;
    if (cause.cause === undefined) return oneLine(redact(cause.message));
  }
  return 'unknown reason';
}

function certificateReason(code: string): string | null {
  const problem = certificateProblem(code);
  return problem === null ? null : `${problem.means} (${code})`;
}
