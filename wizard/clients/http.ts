import type { z } from 'zod';
import type { Service } from '../model/service.ts';
import { HttpFailure, isTransientStatus, reasonOf, type HttpProblem } from './http-failure.ts';
import { redact } from './redact.ts';
import { retryAfter } from './retry-after.ts';

export type HttpRequest = {
  service: Service;
  /** What is being done, after "while": `reading the account`. */
  what: string;
  method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  url: string | URL;
  headers?: Record<string, string>;
  /** Sent as JSON; `body` is sent as it is. */
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
  /** Milliseconds for one try, its body included. */
  timeoutMs?: number;
  /** Whether a try may be repeated, or after which failures; unsaid, methods that are idempotent may. */
  retry?: boolean | ((failure: HttpFailure) => boolean);
};

export type StreamRequest = HttpRequest & {
  /** Milliseconds of silence that end it. */
  idleMs?: number;
  /** Called once, before the first byte of the body. */
  onHead?: (head: { status: number; headers: Headers }) => void;
};

export type TextResponse = {
  status: number;
  headers: Headers;
  text: string;
  /** Where it came from in the end. */ url: string;
};

export interface Http {
  /** The answer's JSON, parsed. Throws HttpFailure, or the signal's reason when it is aborted. */
  request<T>(request: HttpRequest & { schema: z.ZodType<T> }): Promise<T>;
  /** The answer's text, of a success. Throws as `request` does. */
  text(request: HttpRequest): Promise<TextResponse>;
  /** The body as it comes; `timeoutMs` bounds the wait for its head, `idleMs` (60 s) each silence. Not retried. */
  stream(request: StreamRequest): AsyncGenerator<Uint8Array, void>;
}

export type HttpRetry = { service: Service; what: string; attempt: number; of: number; waitMs: number };

export type HttpOptions = {
  fetch: typeof globalThis.fetch;
  /** Milliseconds. */
  sleep: (ms: number, options: { signal: AbortSignal }) => Promise<unknown>;
  /** 0 to 1, for jitter. */
  random?: () => number;
  onRetry?: (retry: HttpRetry) => void;
};

const TRIES = 3;
const FIRST_WAIT_MS = 400;
const LONGEST_RETRY_AFTER_MS = 30_000;
const REDIRECTS = 3;
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const keyHeaders: ReadonlySet<string> = new Set(['authorization', 'x-goog-api-key', 'api-key', 'cookie']);

/** Calls vendors: one deadline a try, retries where they are safe, failures in plain words without secrets. */
export function createHttp(options: HttpOptions): Http {
  const text = (request: HttpRequest) =>
    repeat({ ...options, request, attempt: () => readText(options, request) });
  return {
    text,
    request: ({ schema, ...request }) =>
      repeat({
        ...options,
        request,
        attempt: async () => parse({ request, schema, answer: await readText(options, request) }),
      }),
    stream: (request) => readStream(options, request),
  };
}

/** Runs attempts until one succeeds, the failure is final, or the tries are used up. */
async function repeat<T>(
  options: HttpOptions & { request: HttpRequest; attempt: () => Promise<T> },
): Promise<T> {
  const { request, attempt, sleep, onRetry, random = Math.random } = options;
  const mayRepeat = request.retry ?? idempotent.has(request.method ?? 'GET');
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HttpFailure) || n === TRIES || !isTransient(error)) throw error;
      if (!(typeof mayRepeat === 'function' ? mayRepeat(error) : mayRepeat)) throw error;
      const asked = retryAfter(error.headers);
      if (asked !== null && asked > LONGEST_RETRY_AFTER_MS) throw error;
      const waitMs = asked ?? Math.round(FIRST_WAIT_MS * 2 ** (n - 1) * (0.5 + random()));
      onRetry?.({ service: request.service, what: request.what, attempt: n + 1, of: TRIES, waitMs });
      // A sleep that is cut short has its own error; the caller is to see the signal's.
      await sleep(waitMs, { signal: request.signal }).catch(() => request.signal.throwIfAborted());
      request.signal.throwIfAborted();
    }
  }
}

function isTransient(failure: HttpFailure): boolean {
  return (
    failure.kind === 'unreachable' &&
    (failure.status === null || failure.code === 'not-json' || isTransientStatus(failure.status))
  );
}

async function readText(options: HttpOptions, request: HttpRequest): Promise<TextResponse> {
  const timeoutMs = request.timeoutMs ?? 15_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  const problemOf = (cause: unknown): HttpProblem =>
    timeout.aborted
      ? { type: 'timed-out', ms: timeoutMs }
      : { type: 'no-connection', detail: reasonOf(cause) };
  try {
    const response = await send(options, request, AbortSignal.any([request.signal, timeout]));
    const text = await response.text();
    if (!response.ok) throw statusFailure({ request, response, text });
    const { status, headers, url } = response;
    return { status, headers, text, url: url || String(request.url) };
  } catch (cause) {
    if (cause instanceof HttpFailure) throw cause;
    request.signal.throwIfAborted();
    throw new HttpFailure({ problem: problemOf(cause), service: request.service, what: request.what, cause });
  }
}

/** Follows redirects itself: a key goes to no other origin than the one it was meant for. */
async function send(options: HttpOptions, request: HttpRequest, signal: AbortSignal): Promise<Response> {
  const { method = 'GET', json, body, headers = {}, service, what } = request;
  const holdsKey = Object.keys(headers).some((name) => keyHeaders.has(name.toLowerCase()));
  let url = new URL(request.url);
  for (let n = 0; ; n++) {
    const payload = json === undefined ? body : JSON.stringify(json);
    const response = await options.fetch(url, {
      method,
      signal,
      redirect: holdsKey ? 'manual' : 'follow',
      headers: {
        accept: 'application/json',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    const next = new URL(location, url);
    if (next.origin !== url.origin || n === REDIRECTS) {
      const problem = { type: 'redirected', status: response.status, to: next.origin } as const;
      throw new HttpFailure({ problem, service, what, headers: response.headers });
    }
    url = next;
  }
}

function parse<T>(options: { request: HttpRequest; schema: z.ZodType<T>; answer: TextResponse }): T {
  const { request, schema, answer } = options;
  const { status, headers } = answer;
  const bodyText = redact(answer.text, secretsOf(request));
  const about = { service: request.service, what: request.what, bodyText, headers };
  const data = jsonOf(answer.text);
  if (data === undefined) throw new HttpFailure({ problem: { type: 'not-json', status }, ...about });
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const detail = `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'unknown'}`;
  throw new HttpFailure({
    problem: { type: 'unexpected-answer', status, detail },
    ...about,
    data: jsonOf(bodyText),
  });
}

function statusFailure(options: { request: HttpRequest; response: Response; text: string }): HttpFailure {
  const { request, response } = options;
  const bodyText = redact(options.text, secretsOf(request));
  return new HttpFailure({
    problem: { type: 'status', status: response.status },
    service: request.service,
    what: request.what,
    bodyText,
    data: jsonOf(bodyText),
    headers: response.headers,
  });
}

async function* readStream(options: HttpOptions, request: StreamRequest): AsyncGenerator<Uint8Array, void> {
  const { service, what, idleMs = 60_000 } = request;
  const stop = new AbortController();
  let problem: HttpProblem | null = null;
  const arm = (next: HttpProblem & { ms: number }) =>
    setTimeout(() => {
      problem = next;
      stop.abort();
    }, next.ms);
  let timer = arm({ type: 'timed-out', ms: request.timeoutMs ?? 15_000 });
  try {
    const response = await send(options, request, AbortSignal.any([request.signal, stop.signal]));
    if (!response.ok) throw statusFailure({ request, response, text: await response.text() });
    request.onHead?.({ status: response.status, headers: response.headers });
    const reader = response.body?.getReader();
    for (;;) {
      clearTimeout(timer);
      timer = arm({ type: 'went-quiet', ms: idleMs });
      const chunk = await reader?.read();
      clearTimeout(timer);
      if (chunk === undefined || chunk.done) return;
      yield chunk.value;
    }
  } catch (cause) {
    if (cause instanceof HttpFailure) throw cause;
    request.signal.throwIfAborted();
    throw new HttpFailure({
      problem: problem ?? { type: 'no-connection', detail: reasonOf(cause) },
      service,
      what,
      cause,
    });
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What a call carries that no message may quote: its keys, and every `value` in its body. */
function secretsOf(request: HttpRequest): string[] {
  const keys = Object.entries(request.headers ?? {})
    .filter(([name]) => keyHeaders.has(name.toLowerCase()))
    .map(([, value]) => value.replace(/^Bearer\s+/i, ''));
  const values: string[] = [];
  JSON.stringify(request.json, (name, value: unknown) => {
    if (name === 'value' && typeof value === 'string') values.push(value);
    return value;
  });
  return [...keys, ...values];
}
