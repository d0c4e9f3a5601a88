import type { Section } from '../index/section.ts';
import type { Page, ReadPage } from './read-page.ts';
import { sectionId } from './section-id.ts';
import type { BookSite } from './site.ts';

/** A section before it is known which model embeds it; its hash depends on that. */
export type DraftSection = Omit<Section, 'hash'>;

export type Book = {
  site: BookSite;
  pages: Page[];
  /** In reading order. */
  sections: DraftSection[];
  /** Files that are no part of the index, each with the reason. */
  skipped: { source: string; reason: string }[];
  /** Pages of the book that are missing in the index because they could not be read. */
  unread: { source: string; reason: string }[];
  /** What was read otherwise than a build would read it. */
  warnings: { source: string; message: string }[];
  /** Of all sections together. */
  characters: number;
  /** Four characters a token: good enough for a price. */
  tokensEstimate: number;
};

/** A book without a page yet. */
export function emptyBook(site: BookSite): Book {
  return {
    site,
    pages: [],
    sections: [],
    skipped: [],
    unread: [],
    warnings: [],
    characters: 0,
    tokensEstimate: 0,
  };
}

/**
 * Puts pages into the book in this order, numbers and links their sections, and counts. Of two pages with one address
 * both stay, with a warning.
 */
export function addPages(book: Book, pages: readonly ReadPage[]): void {
  const urls = new Map(book.pages.map(({ url, source }) => [url, source]));
  for (const page of pages) addPage(book, page, urls);
}

/** To be called when all pages are in. */
export function finishBook(book: Book): Book {
  linkNeighbours(book.sections);
  book.characters = book.sections.reduce((sum, { content }) => sum + content.length, 0);
  book.tokensEstimate = Math.ceil(book.characters / 4);
  return book;
}

function addPage(book: Book, { page, chunks, warnings, skipped }: ReadPage, urls: Map<string, string>): void {
  const { source } = page;
  if (skipped !== null) {
    book.skipped.push({ source, reason: skipped });
    return;
  }
  const twin = urls.get(page.url);
  if (twin !== undefined)
    book.warnings.push({ source, message: `has the same address as ${twin} (${page.url})` });
  urls.set(page.url, source);
  book.pages.push(page);
  book.warnings.push(...warnings.map((message) => ({ source, message })));
  const ordinals = new Map<string | null, number>();
  for (const { headings, anchor, content, lines } of chunks) {
    const ordinal = ordinals.get(anchor) ?? 0;
    ordinals.set(anchor, ordinal + 1);
    book.sections.push({
      id: sectionId({ source, anchor, ordinal }),
      kind: 'section',
      content,
      title: page.title,
      headings,
      url: anchor === null ? page.url : `${page.url}#${anchor}`,
      anchor,
      source,
      lines,
      position: book.sections.length,
      previous: null,
      next: null,
      locale: page.locale,
      version: page.version,
    });
  }
}

function linkNeighbours(sections: DraftSection[]): void {
  for (const [at, section] of sections.entries()) {
    section.previous = sections[at - 1]?.id ?? null;
    section.next = sections[at + 1]?.id ?? null;
  }
}
