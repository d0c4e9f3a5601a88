import { isChatPath } from './chat/chat-path.ts';

/**
 * What the variable's value must have after the server's origin: `''` for the bare origin, `/api` for code that appends
 * `/chat`, `/api/chat` for code that sends its request to the value itself.
 */
export type UrlSuffix = { path: string; isSure: boolean; reason: string };

/** Derived from the paths that the code appends; where they do not tell, from the URL that it falls back to. */
export function urlSuffixOf(
  uses: readonly { path: string; asksQuestion?: boolean }[],
  fallback: string | null,
): UrlSuffix {
  const chatUses = uses.filter(({ path, asksQuestion }) => isChatPath(path) || (asksQuestion && path !== ''));
  const [use] = [...chatUses, ...uses.filter(({ path }) => path !== '' && path !== '/')];
  if (use !== undefined) {
    const { path } = use;
    // The address that it falls back to is the origin alone: so is the value, as it was before a variable took its place.
    if (fallback !== null && URL.canParse(fallback) && pathnameOf(fallback) === '')
      return { path: '', isSure: true, reason: `the code appends ${path} to ${fallback}` };
    const hasApi = chatUses.map((chat) => /^\/+api\//.test(chat.path));
    return {
      path: /^\/+api(?:\/|$)/.test(path) ? '' : '/api',
      isSure: new Set(hasApi).size === 1,
      reason: `the code appends ${path}`,
    };
  }
  const fallbackPath = pathnameOf(fallback);
  const isChat = isChatPath(fallbackPath);
  if (uses.length > 0) {
    const isSure = fallbackPath === '' || isChat;
    return { path: '/api/chat', isSure, reason: 'the code sends its request to the value itself' };
  }
  const path = /^\/api\/?$/.test(fallbackPath) ? '/api' : isChat ? '/api/chat' : null;
  return path === null
    ? { path: '', isSure: false, reason: 'no request that uses it was found' }
    : { path, isSure: false, reason: `it falls back to ${fallback ?? ''}` };
}

function pathnameOf(url: string | null): string {
  if (url === null || !URL.canParse(url)) return '';
  return new URL(url).pathname.replace(/\/+$/, '');
}
