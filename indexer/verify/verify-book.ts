import type { Book, Page } from '../book.ts';
import { readHtmlPage } from '../crawl/read-html-page.ts';
import type { BuiltSite } from './built-site.ts';
import { missingWords, readBuiltPage, wordsIn } from './page-words.ts';

/** A page of the book, and the words of its built article that no section has. */
export type PageWords = {
  source: string;
  url: string;
  /** Of the built article. */
  count: number;
  missing: string[];
  /** Components of the page whose text is in code, which the words may be of. */
  components: string[];
};

export type BookVerification = {
  pages: number;
  anchors: number;
  /** Every link that leads nowhere, in reading order. */
  missing: { source: string; url: string; reason: 'no such page' | 'no such anchor' }[];
  words: PageWords[];
  /** Paths of docs pages that the site shows and the book lacks. */
  extra: string[];
};

/** Compares a book with what its site shows: every link, the words of each page, and the pages themselves. */
export async function verifyBook(request: {
  book: Book;
  built: BuiltSite;
  signal: AbortSignal;
}): Promise<BookVerification> {
  const { book, built, signal } = request;
  const result: BookVerification = { pages: 0, anchors: 0, missing: [], words: [], extra: [] };
  const texts = textsBySource(book);
  for (const { url, source, anchors, title, components } of book.pages) {
    signal.throwIfAborted();
    const html = await built.read(url, { signal });
    result.pages += 1;
    if (html === null) {
      result.missing.push({ source, url, reason: 'no such page' });
      continue;
    }
    const { words, ids } = readBuiltPage(html);
    for (const anchor of anchors) {
      result.anchors += 1;
      if (!ids.has(anchor))
        result.missing.push({ source, url: `${url}#${anchor}`, reason: 'no such anchor' });
    }
    const present = wordsIn(texts.get(source) ?? title);
    result.words.push({
      source,
      url,
      count: words.length,
      missing: missingWords(words, present),
      components,
    });
  }
  result.extra = await extraPages({ book, built, signal });
  return result;
}

/** Share of the words that no section has, in percent. */
export function missingPercent({ count, missing }: Pick<PageWords, 'count' | 'missing'>): number {
  return count === 0 ? 0 : (missing.length / count) * 100;
}

/** Titles, headings and texts of each page's sections. A heading that repeats the title is not among the headings. */
function textsBySource(book: Book): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { source, title, headings, content } of book.sections)
    texts.set(source, [texts.get(source) ?? '', title, ...headings, content].join('\n'));
  return texts;
}

/** Pages of the docs that the book does not have; not drafts, versions that were not chosen or pages outside the docs. */
async function extraPages({
  book,
  built,
  signal,
}: {
  book: Book;
  built: BuiltSite;
  signal: AbortSignal;
}): Promise<string[]> {
  const pages: Page[] = [...book.pages];
  const urls = new Set(pages.map(({ url }) => withoutSlash(url)));
  const locales = new Set(pages.map(({ locale }) => locale));
  const indexed = book.editions.filter(({ sections }) => sections > 0);
  const extra: string[] = [];
  for (const path of await built.paths({ signal })) {
    if (urls.has(withoutSlash(path))) continue;
    signal.throwIfAborted();
    const html = await built.read(path, { signal });
    if (html === null) continue;
    const { skipReason, locale, version, docs, isOtherVersion } = readHtmlPage(html);
    if (skipReason !== null || !locales.has(locale)) continue;
    // Each docs plugin has versions of its own, often of the same name.
    const isIndexed = indexed.some((edition) => edition.docs === docs && edition.version === version);
    if (isOtherVersion && !isIndexed) continue;
    // A page that is not translated is shown in every language, and indexed once.
    if (!urls.has(withoutSlash(path.replace(`/${locale}/`, '/')))) extra.push(path);
  }
  return extra;
}

function withoutSlash(path: string): string {
  return path.replace(/(?<=.)\/$/, '');
}
