import type { Section } from '../server/collection/section.ts';
import type { Chunk } from './content/chunk-blocks.ts';
import type { Page, PageContent } from './docusaurus/read-page.ts';
import { sectionId } from './section-id.ts';
import { CompressedList, type Sequence } from './compressed-list.ts';
import type { BookSite } from './docusaurus/find-book.ts';

/** A section before it is known which model embeds it; its hash depends on that. */
export type DraftSection = Omit<Section, 'hash'>;

export type Book = {
  site: BookSite;
  pages: Sequence<Page>;
  /** In reading order. */
  sections: Sequence<DraftSection>;
  /** Files that are no part of the index, each with the reason. */
  skipped: { source: string; reason: string }[];
  /** Pages of the book that are missing in the index because they could not be read. */
  unreadable: { source: string; reason: string }[];
  /** What was read otherwise than a build would read it. */
  warnings: { source: string; message: string }[];
  /** Of all sections together. */
  characters: number;
  /** Four characters a token: good enough for a price. */
  tokensEstimate: number;
};

/** So many are looked through together; indexing takes sections by as many. */
const itemsPerPack = 32;

/** A book that pages are added to in reading order. */
export class BookBuilder {
  readonly #book: Book;
  readonly #pages = new CompressedList<Page>(itemsPerPack);
  readonly #sections = new CompressedList<DraftSection>(itemsPerPack);
  readonly #sourcesByUrl = new Map<string, string>();
  readonly #urlsBySource = new Map<string, string>();
  /** Waits for the id of the one behind it. */
  #last: DraftSection | null = null;
  #count = 0;

  constructor(site: BookSite) {
    this.#book = {
      site,
      pages: this.#pages,
      sections: this.#sections,
      skipped: [],
      unreadable: [],
      warnings: [],
      characters: 0,
      tokensEstimate: 0,
    };
  }

  addSkipped(...lines: readonly Book['skipped'][number][]): void {
    this.#book.skipped.push(...lines);
  }

  addUnreadable(...lines: readonly Book['unreadable'][number][]): void {
    this.#book.unreadable.push(...lines);
  }

  /**
   * Numbers and links the page's sections, and counts. Of two pages with one address both stay, with a warning; a file
   * that two docs plugins show is indexed once, because its sections' ids come from its path.
   */
  addPage({ page, chunks, warnings, skipped }: Omit<PageContent, 'id' | 'position'>): void {
    const { source } = page;
    if (skipped !== null) {
      this.addSkipped({ source, reason: skipped });
      return;
    }
    const first = this.#urlsBySource.get(source);
    if (first !== undefined) {
      this.addSkipped({ source, reason: `shown at ${page.url} as well: indexed once, at ${first}` });
      return;
    }
    this.#urlsBySource.set(source, page.url);
    const twin = this.#sourcesByUrl.get(page.url);
    if (twin !== undefined)
      this.#book.warnings.push({ source, message: `has the same address as ${twin} (${page.url})` });
    this.#sourcesByUrl.set(page.url, source);
    this.#pages.push(page);
    this.#book.warnings.push(...warnings.map((message) => ({ source, message })));
    const ordinals = new Map<string | null, number>();
    for (const chunk of chunks) {
      const ordinal = ordinals.get(chunk.anchor) ?? 0;
      ordinals.set(chunk.anchor, ordinal + 1);
      this.#addSection(page, chunk, ordinal);
    }
  }

  #addSection(page: Page, { headings, anchor, content, lines }: Chunk, ordinal: number): void {
    const { source, title, url, locale, version } = page;
    const id = sectionId({ source, anchor, ordinal });
    const previous = this.#last?.id ?? null;
    this.#pushLast(id);
    this.#last = {
      id,
      kind: 'section',
      content,
      title,
      headings,
      url: anchor === null ? url : `${url}#${anchor}`,
      anchor,
      source,
      lines,
      position: this.#count++,
      previous,
      next: null,
      locale,
      version,
    };
    this.#book.characters += content.length;
  }

  #pushLast(next: string | null): void {
    if (this.#last !== null) this.#sections.push({ ...this.#last, next });
    this.#last = null;
  }

  /** To be called when all pages are in. */
  finish(): Book {
    this.#pushLast(null);
    this.#book.tokensEstimate = Math.ceil(this.#book.characters / 4);
    return this.#book;
  }
}
