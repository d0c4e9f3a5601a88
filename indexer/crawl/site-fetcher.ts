import { ServerFailure } from '../../server/failure.ts';

/** What the site has at a URL. */
export type SiteResponse =
  | { type: 'text'; text: string; contentType: string }
  | { type: 'none'; reason: string };

export type SiteFetcher = (request: {
  url: URL;
  maxBytes: number;
  signal: AbortSignal;
}) => Promise<SiteResponse>;

export type SiteFetcherOptions = {
  fetch: typeof globalThis.fetch;
  sleep(milliseconds: number, options: { signal: AbortSignal }): Promise<unknown>;
};

const maxAttempts = 3;
const deadlineMs = 20_000;
const maxWaitMs = 60_000;
const maxRedirects = 5;

/**
 * Creates a function that fetches URLs of one site and follows no redirect to another origin. A missing page is a
 * result; a site that does not answer in three attempts throws ServerFailure `site-unreachable`.
 */
export function createSiteFetcher({ fetch, sleep }: SiteFetcherOptions): SiteFetcher {
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const response = await fetchOnce({ ...request, fetch });
      if ('type' in response) return response;
      if (attempt === maxAttempts) throw siteUnreachable(request.url, response.reason);
      await sleep(Math.min(response.retryAfterMs ?? 1000 * 2 ** (attempt - 1), maxWaitMs), {
        signal: request.signal,
      });
      request.signal.throwIfAborted();
    }
  };
}

type TransientFault = { reason: string; retryAfterMs: number | null };
type FetchRequest = Parameters<SiteFetcher>[0] & { fetch: typeof globalThis.fetch };

async function fetchOnce({
  url,
  maxBytes,
  signal,
  fetch,
}: FetchRequest): Promise<SiteResponse | TransientFault> {
  // Not AbortSignal.timeout(): Node 20 may garbage-collect one that only `AbortSignal.any` refers to, and it never fires.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('late', 'TimeoutError')), deadlineMs);
  const anySignal = AbortSignal.any([signal, deadline.signal]);
  try {
    let current = url;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const response = await fetch(current, {
        redirect: 'manual',
        signal: anySignal,
        headers: { accept: 'text/html, application/xml' },
      });
      const location =
        response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (location === null) return await siteResponseOf(response, maxBytes);
      await response.body?.cancel();
      const next = new URL(location, current);
      if (next.origin !== url.origin) return { type: 'none', reason: `it redirects to ${next.origin}` };
      current = next;
    }
    return { type: 'none', reason: 'its redirects do not end' };
  } catch (error) {
    signal.throwIfAborted();
    const isTimeout = error instanceof Error && error.name === 'TimeoutError';
    const reason = isTimeout ? `no answer in ${deadlineMs / 1000} s` : causeOf(error);
    return { reason, retryAfterMs: null };
  } finally {
    clearTimeout(timer);
  }
}

async function siteResponseOf(response: Response, maxBytes: number): Promise<SiteResponse | TransientFault> {
  const { status } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      reason: `it answers ${status}`,
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
    };
  }
  if (!response.ok) {
    await response.body?.cancel();
    const isProtected = status === 401 || status === 403;
    return {
      type: 'none',
      reason: isProtected ? `it is not public (${status})` : `it answers ${status}`,
    };
  }
  const text = await readBody(response, maxBytes);
  if (text === null) return { type: 'none', reason: `it is larger than ${Math.round(maxBytes / 1e6)} MB` };
  return { type: 'text', text, contentType: response.headers.get('content-type') ?? '' };
}

/** Null for a body of more than `maxBytes`, which is not read to its end. */
async function readBody(response: Response, maxBytes: number): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += (part as Uint8Array).byteLength;
    // Leaving the loop cancels the body.
    if (size > maxBytes) return null;
    parts.push(part as Uint8Array);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'the connection failed';
}

function siteUnreachable(url: URL, reason: string): ServerFailure {
  return new ServerFailure({
    code: 'site-unreachable',
    message: `${url.href} could not be read: ${reason}.`,
    remedy: 'Open the address in a browser; when it loads there, run this again. Nothing was written.',
  });
}
