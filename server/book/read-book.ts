import { join } from 'node:path';
import type { Section } from '../index/section.ts';
import { PageTooHard } from './deadline.ts';
import { otherContent } from './other-content.ts';
import { compareInReadingOrder, pageFiles } from './page-files.ts';
import { readPage, type Page, type ReadPage } from './read-page.ts';
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

/**
 * Reads every page of the version that readers see first, in all its languages. A page that no parser gets
 * through is left out and named. Throws only what the disk throws.
 */
export async function readBook({ site, signal }: { site: BookSite; signal: AbortSignal }): Promise<Book> {
  const book: Book = {
    site,
    pages: [],
    sections: [],
    skipped: [],
    unread: [],
    warnings: [],
    characters: 0,
    tokensEstimate: 0,
  };
  const urls = new Map<string, string>();
  for (const folder of site.folders) {
    const files = await pageFiles({ folder, signal });
    if (!folder.isLast) {
      const reason = `${files.length} pages of version ${folder.version}: only the version at ${site.baseUrl} is indexed`;
      book.skipped.push({ source: sourceOf(site, folder.dir), reason });
      continue;
    }
    const read: (ReadPage & { file: string; positions: number[] })[] = [];
    for (const { file, positions } of files) {
      signal.throwIfAborted();
      try {
        read.push({ ...(await readPage({ site, folder, file })), file, positions });
      } catch (error) {
        if (!(error instanceof PageTooHard)) throw error;
        const source = sourceOf(site, join(folder.dir, file));
        book.unread.push({ source, reason: error.message });
      }
    }
    for (const page of read.sort(compareInReadingOrder)) addPage(book, page, urls);
  }
  if (site.kind === 'docusaurus') book.skipped.push(...(await otherContent(site.root)));
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

function sourceOf(site: BookSite, path: string): string {
  return path.startsWith(site.root) ? path.slice(site.root.length + 1).replaceAll('\\', '/') : path;
}
