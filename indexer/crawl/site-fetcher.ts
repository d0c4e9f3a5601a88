import { Failure } from '../../server/failure.ts';
import type { Sleep } from '../sync/embed-with-retry.ts';

/** What a site has at an address. */
export type SiteResponse =
  | { type: 'text'; text: string; contentType: string }
  | { type: 'none'; reason: string };

export type SiteFetcher = (request: {
  url: URL;
  /** Bytes. */
  most: number;
  signal: AbortSignal;
}) => Promise<SiteResponse>;

const maxAttempts = 3;
const deadlineMs = 20_000;
const maxWaitMs = 60_000;
const maxRedirects = 5;

/**
 * Reads addresses of one site and never leaves its origin, whatever the site says. What is not there is an answer; a
 * site that does not answer, after three tries, throws Failure `site-unreachable`.
 */
export function createSiteFetcher({
  fetch,
  sleep,
}: {
  fetch: typeof globalThis.fetch;
  sleep: Sleep;
}): SiteFetcher {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const found = await fetchOnce({ ...request, fetch });
      if ('type' in found) return found;
      if (attempt === maxAttempts) throw siteUnreachable(request.url, found.why);
      await sleep(Math.min(found.waitMs ?? 1000 * 2 ** (attempt - 1), maxWaitMs), {
        signal: request.signal,
      });
      request.signal.throwIfAborted();
    }
  };
}

type TransientFault = { why: string; waitMs: number | null };
type FetchRequest = Parameters<SiteFetcher>[0] & { fetch: typeof globalThis.fetch };

async function fetchOnce({ url, most, signal, fetch }: FetchRequest): Promise<SiteResponse | TransientFault> {
  // A timer of our own: a timeout that only `AbortSignal.any` knows may be collected, and then never comes (Node 20).
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException('late', 'TimeoutError')), deadlineMs);
  const ended = AbortSignal.any([signal, late.signal]);
  try {
    let at = url;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const response = await fetch(at, {
        redirect: 'manual',
        signal: ended,
        headers: { accept: 'text/html, application/xml' },
      });
      const location =
        response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (location === null) return await siteResponseOf(response, most);
      await response.body?.cancel();
      const next = new URL(location, at);
      if (next.origin !== url.origin) return { type: 'none', reason: `it leads away, to ${next.origin}` };
      at = next;
    }
    return { type: 'none', reason: 'its redirects do not end' };
  } catch (error) {
    signal.throwIfAborted();
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { why: isLate ? `no answer in ${deadlineMs / 1000} s` : causeOf(error), waitMs: null };
  } finally {
    clearTimeout(timer);
  }
}

async function siteResponseOf(response: Response, most: number): Promise<SiteResponse | TransientFault> {
  const { status } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return { why: `it answers ${status}`, waitMs: Number.isFinite(seconds) ? seconds * 1000 : null };
  }
  if (!response.ok) {
    await response.body?.cancel();
    const isClosed = status === 401 || status === 403;
    return {
      type: 'none',
      reason: isClosed ? `it is not open to everybody (${status})` : `it answers ${status}`,
    };
  }
  const text = await readBody(response, most);
  if (text === null) return { type: 'none', reason: `it is larger than ${Math.round(most / 1e6)} MB` };
  return { type: 'text', text, contentType: response.headers.get('content-type') ?? '' };
}

/** Null as soon as it is more: a body is not read to its end to learn that it is too long. */
async function readBody(response: Response, most: number): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += (part as Uint8Array).byteLength;
    // Leaving the loop cancels the body.
    if (size > most) return null;
    parts.push(part as Uint8Array);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'the connection failed';
}

function siteUnreachable(url: URL, why: string): Failure {
  return new Failure({
    code: 'site-unreachable',
    message: `${url.href} could not be read: ${why}.`,
    remedy: 'Open the address in a browser; when it loads there, run this again. Nothing was written.',
  });
}
