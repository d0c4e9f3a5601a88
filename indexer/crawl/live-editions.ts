import type { Edition } from '../../server/collection/editions/edition.ts';
import type { HtmlPage } from './read-html-page.ts';

type PageAt = {
  url: URL;
  page: Pick<HtmlPage, 'docs' | 'version' | 'locale' | 'isOtherVersion' | 'skipReason'>;
};

/**
 * The edition of each page of a live site. Its path is what the addresses of all its pages begin with: a page does not say
 * where its version is published.
 */
export function liveEditions(pages: readonly PageAt[]): (page: PageAt) => Omit<Edition, 'sections'> {
  const foldersByKey = new Map<string, string[]>();
  for (const { url, page } of pages) {
    if (page.skipReason !== null) continue;
    const folders = foldersOf(url);
    const shared = foldersByKey.get(keyOf(page));
    foldersByKey.set(keyOf(page), shared === undefined ? folders : sharedStart(shared, folders));
  }
  return ({ url, page }) => ({
    path: `/${(foldersByKey.get(keyOf(page)) ?? foldersOf(url)).join('/')}`,
    docs: page.docs,
    version: page.version,
    label: page.version === 'current' && page.isOtherVersion ? 'Next' : page.version,
    locale: page.locale,
    is_default: !page.isOtherVersion,
    folder: '',
    translates: null,
  });
}

function keyOf({ docs, version, locale }: PageAt['page']): string {
  return JSON.stringify([docs, version, locale]);
}

function foldersOf({ pathname }: URL): string[] {
  return pathname.split('/').filter((name) => name !== '');
}

function sharedStart(a: readonly string[], b: readonly string[]): string[] {
  const end = a.findIndex((name, index) => name !== b[index]);
  return a.slice(0, end === -1 ? a.length : end);
}
