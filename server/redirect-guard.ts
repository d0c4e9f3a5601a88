const keyHeaders = ['x-goog-api-key', 'api-key'] as const;

/**
 * A fetch that rejects redirects for requests that carry a vendor's key. On a redirect to another host, fetch drops only
 * `Authorization`; these headers would be sent along, and neither Gemini nor Qdrant ever redirects. Installed as the
 * global fetch, because the vendors' packages take no fetch of ours.
 */
export function withRedirectGuard(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    const hasKey = keyHeaders.some((name) => headers.has(name));
    return fetch(input, hasKey ? { ...init, redirect: 'error' } : init);
  };
}
