const keyHeaders = ['x-goog-api-key', 'api-key'] as const;

/**
 * A fetch that takes no redirect while it carries a vendor's key. fetch itself takes only `Authorization` away when a
 * redirect leads to another host; these headers would go along, and neither Gemini nor Qdrant ever redirects. Set as
 * the process's own, because the vendors' packages bring no fetch of ours.
 */
export function withRedirectGuard(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    return fetch(input, keyHeaders.some((name) => headers.has(name)) ? { ...init, redirect: 'error' } : init);
  };
}
