import type { z } from 'zod';
import type { Service } from '../model/service.ts';
import { Deadline } from './deadline.ts';
import { HttpFailure, isTransientStatus, reasonOf, type HttpProblem } from './http-failure.ts';
import { redact } from './redact.ts';
import { retryAfter } from './retry-after.ts';

export type HttpRequest = {
  service: Service;
  /** Its name in messages, where that is not the service's. */
  vendor?: string;
  /** What is being done, after "while": `reading the account`. */
  what: string;
  method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  url: string | URL;
  headers?: Record<string, string>;
  /** Sent as JSON; `body` is sent as it is. */
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
  /** Milliseconds for one attempt, the response's body included. */
  timeoutMs?: number;
  /** Whether an attempt may be repeated, or after which failures; by default idempotent methods may. */
  retry?: boolean | ((failure: HttpFailure) => boolean);
};

/** With the headers, for what a vendor says beside the body, as the next page's address. */
export type ParsedRequest<T> = HttpRequest & { schema: z.ZodType<T>; onHeaders?: (headers: Headers) => void };

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
  /** After redirects. */
  url: string;
};

export interface Http {
  /** The response's JSON, parsed. Throws HttpFailure, or the signal's reason when it is aborted. */
  request<T>(request: ParsedRequest<T>): Promise<T>;
  /** The text of a successful response. Throws as `request` does. */
  text(request: HttpRequest): Promise<TextResponse>;
  /** The body as it arrives; `timeoutMs` bounds the wait for its head, `idleMs` (60 s) each silence. Not retried. */
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

const defaultTimeoutMs = 15_000;
const TRIES = 3;
const FIRST_WAIT_MS = 400;
const LONGEST_RETRY_AFTER_MS = 30_000;
const REDIRECTS = 3;
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);
const keyHeaders: ReadonlySet<string> = new Set(['authorization', 'x-goog-api-key', 'api-key', 'cookie']);

/** Calls vendors: a deadline per attempt, retries where they are safe, failures in plain words without secrets. */
export function createHttp(options: HttpOptions): Http {
  const text = (request: HttpRequest) =>
    repeat({ ...options, request, attempt: () => readText(options, request) });
  return {
    text,
    request: ({ schema, onHeaders, ...request }) =>
      repeat({
        ...options,
        request,
        attempt: async () => {
          const response = await readText(options, request);
          onHeaders?.(response.headers);
          return parse({ request, schema, response });
        },
      }),
    stream: (request) => readStream(options, request),
  };
}

/** Repeats the attempt until it succeeds, the failure is final, or the attempts are used up. */
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
      const vendorMs = retryAfter(error.headers);
      if (vendorMs !== null && vendorMs > LONGEST_RETRY_AFTER_MS) throw error;
      const waitMs = vendorMs ?? Math.round(FIRST_WAIT_MS * 2 ** (n - 1) * (0.5 + random()));
      onRetry?.({ service: request.service, what: request.what, attempt: n + 1, of: TRIES, waitMs });
      // An aborted sleep throws an error of its own; the caller gets the signal's reason.
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

const aboutOf = ({ service, vendor, what }: HttpRequest) => ({ service, vendor, what });

async function readText(options: HttpOptions, request: HttpRequest): Promise<TextResponse> {
  const { signal, timeoutMs = defaultTimeoutMs } = request;
  const deadline = new Deadline({ signal, ms: timeoutMs });
  try {
    const response = await send(options, request, deadline.signal);
    const text = await response.text();
    if (!response.ok) throw statusFailure({ request, response, text });
    const { status, headers, url } = response;
    return { status, headers, text, url: url || String(request.url) };
  } catch (cause) {
    if (cause instanceof HttpFailure) throw cause;
    signal.throwIfAborted();
    const problem: HttpProblem = deadline.isPast
      ? { type: 'timed-out', ms: timeoutMs }
      : { type: 'no-connection', detail: reasonOf(cause) };
    throw new HttpFailure({ ...aboutOf(request), problem, cause });
  } finally {
    deadline.close();
  }
}

/** Follows redirects itself, so that a key is never sent to another origin than its own. */
async function send(options: HttpOptions, request: HttpRequest, signal: AbortSignal): Promise<Response> {
  const { method = 'GET', json, body, headers = {} } = request;
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
      throw new HttpFailure({ ...aboutOf(request), problem, headers: response.headers });
    }
    url = next;
  }
}

function parse<T>(options: { request: HttpRequest; schema: z.ZodType<T>; response: TextResponse }): T {
  const { request, schema, response } = options;
  const { status, headers, text } = response;
  const data = jsonOf(text);
  const parsed = data === undefined ? undefined : schema.safeParse(data);
  if (parsed?.success === true) return parsed.data;
  const bodyText = redact(text, secretsOf(request));
  const about = { ...aboutOf(request), bodyText, headers };
  if (parsed === undefined) throw new HttpFailure({ problem: { type: 'not-json', status }, ...about });
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
  const { status, headers } = response;
  const about = { ...aboutOf(request), bodyText, data: jsonOf(bodyText), headers };
  return new HttpFailure({ ...about, problem: { type: 'status', status } });
}

async function* readStream(options: HttpOptions, request: StreamRequest): AsyncGenerator<Uint8Array, void> {
  const { signal, timeoutMs = defaultTimeoutMs, idleMs = 60_000 } = request;
  const deadline = new Deadline({ signal, ms: timeoutMs });
  let late: HttpProblem = { type: 'timed-out', ms: timeoutMs };
  try {
    const response = await send(options, request, deadline.signal);
    if (!response.ok) throw statusFailure({ request, response, text: await response.text() });
    late = { type: 'went-quiet', ms: idleMs };
    request.onHead?.({ status: response.status, headers: response.headers });
    const reader = response.body?.getReader();
    for (;;) {
      deadline.restart(idleMs);
      const chunk = await reader?.read();
      // Time that the consumer takes is no silence of the vendor.
      deadline.pause();
      if (chunk === undefined || chunk.done) return;
      yield chunk.value;
    }
  } catch (cause) {
    if (cause instanceof HttpFailure) throw cause;
    signal.throwIfAborted();
    const problem = deadline.isPast ? late : ({ type: 'no-connection', detail: reasonOf(cause) } as const);
    throw new HttpFailure({ ...aboutOf(request), problem, cause });
  } finally {
    deadline.close();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What no message may quote: the request's keys, and every `value` in its body. */
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
