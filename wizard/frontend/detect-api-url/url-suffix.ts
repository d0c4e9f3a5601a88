import type { SourceLocation } from '../../../javascript/source-file.ts';

/**
 * What the value of the variable must be: the server's origin and this path after it. `''` is the bare origin,
 * `/api` for code that appends `/chat`, `/api/chat` for code that asks at the value itself.
 */
export type UrlSuffix = { path: string; isSure: boolean; why: string };

/** A path that the chat is asked at. */
export function isAboutChat(path: string): boolean {
  return /chat|quer(?:y|ies)|ask|message|rag|question/i.test(path);
}

/** Read from the path that the code appends; where it appends none that tells, from the address it falls back to. */
export function urlSuffixOf(
  uses: readonly { path: string; place: SourceLocation }[],
  fallback: string | null,
): UrlSuffix {
  const telling = uses.filter(({ path }) => isAboutChat(path));
  const [chat] = [...telling, ...uses.filter(({ path }) => path !== '' && path !== '/')];
  if (chat !== undefined) {
    const { path } = chat;
    const isWhole = /^\/+api(?:\/|$)/.test(path);
    return {
      path: isWhole ? '' : '/api',
      isSure: telling.length > 0 && new Set(telling.map((one) => /^\/+api\//.test(one.path))).size === 1,
      why: `the code appends ${path}`,
    };
  }
  const before = pathOf(fallback);
  if (uses.length > 0) {
    return {
      path: '/api/chat',
      isSure: before === '' || isAboutChat(before),
      why: 'the code asks at the value itself',
    };
  }
  if (/^\/api\/?$/.test(before))
    return { path: '/api', isSure: false, why: `it falls back to ${fallback ?? ''}` };
  if (isAboutChat(before))
    return { path: '/api/chat', isSure: false, why: `it falls back to ${fallback ?? ''}` };
  return { path: '', isSure: false, why: 'no request with it was found' };
}

export function pathOf(address: string | null): string {
  if (address === null || !URL.canParse(address)) return '';
  return new URL(address).pathname.replace(/\/+$/, '');
}

/** In words, for a person. */
export function describeUrlSuffix(path: string): string {
  if (path === '') return 'the server’s origin';
  return path === '/api/chat' ? 'the whole address of the chat' : `the server’s origin and ${path}`;
}
