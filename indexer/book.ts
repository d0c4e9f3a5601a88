import type { Edition } from '../server/collection/editions/edition.ts';
import type { Section } from '../server/collection/section.ts';
import { CompressedList, type Sequence } from './compressed-list.ts';
import type { Chunk } from './content/chunk-blocks.ts';
import { sectionId } from './section-id.ts';

/** Where a book comes from, and its address on the web. */
export type BookSite = {
  /** Absolute path of a folder, or the address of a live site; the `source` of pages is relative to it. */
  root: string;
  /** `markdown`: a plain folder of Markdown, read by the same rules, at `/`. `live`: a site read from its pages. */
  kind: 'docusaurus' | 'markdown' | 'live';
  title: string;
  /** Origin of the live site, without a trailing slash; null when the configuration has none. */
  url: string | null;
  baseUrl: string;
  /** False when the configuration computes it and the user gave none: `baseUrl` is the configuration's fallback. */
  isBaseUrlKnown: boolean;
  /** One sentence for each setting that could not be read, with what is used instead. */
  configWarnings: string[];
};

export type Page = {
  /** Relative to the site's root, with forward slashes. */
  source: string;
  /** Path on the site, as a browser shows it, without the site's origin. */
  url: string;
  title: string;
  locale: string;
  version: string;
  /** The element ids of the built page, in reading order. */
  anchors: string[];
  characters: number;
  /** Components that it shows whose own text is in their code, which is not read. */
  components: string[];
};

export type PageContent = {
  page: Page;
  chunks: Chunk[];
  warnings: string[];
  /** Why the page is not indexed; null for a page that is. */
  skipReason: string | null;
};

/** A section before its embedding model is known; its hash depends on the model. */
export type DraftSection = Omit<Section, 'hash'>;

export type Book = {
  site: BookSite;
  pages: Sequence<Page>;
  /** In reading order. */
  sections: Sequence<DraftSection>;
  /** Files that are left out of the index on purpose, each with the reason. */
  skipped: { source: string; reason: string }[];
  /** Pages that are missing in the index because they could not be read. */
  unreadable: { source: string; reason: string }[];
  /** What was read differently from how a build would read it. */
  warnings: { source: string; message: string }[];
  /** Of all sections together. */
  characters: number;
  /** All that the site has, also those that are not chosen; none of a plain folder. */
  editions: BookEdition[];
};

/** An edition with the pages that were read of it, or that it has where it was not chosen. */
export type BookEdition = Edition & { pages: number };

/** Positions are counted from here for each page: a new section does not move the pages after it. */
const positionsPerPage = 10_000;

/** As many as one embedding batch takes: indexing decompresses each pack once. */
const itemsPerPack = 32;

/** Builds a book from its pages, added in reading order. */
export class BookBuilder {
  readonly #book: Book;
  readonly #pages = new CompressedList<Page>(itemsPerPack);
  readonly #sections = new CompressedList<DraftSection>(itemsPerPack);
  readonly #sourcesByUrl = new Map<string, string>();
  readonly #urlsBySource = new Map<string, string>();
  #edition: BookEdition | null = null;
  /** Kept back until the id of the next section is known. */
  #last: DraftSection | null = null;

  constructor(site: BookSite) {
    this.#book = {
      site,
      pages: this.#pages,
      sections: this.#sections,
      skipped: [],
      unreadable: [],
      warnings: [],
      characters: 0,
      editions: [],
    };
  }

  /** Names the edition of the pages that are added next; `pages` of it that are not added are counted as well. */
  enterEdition(edition: Omit<Edition, 'sections'>, pages = 0): void {
    const { editions } = this.#book;
    const entered = editions.find(({ path }) => path === edition.path);
    this.#edition = entered ?? { ...edition, sections: 0, pages: 0 };
    this.#edition.pages += pages;
    if (entered === undefined) editions.push(this.#edition);
  }

  addSkipped(...lines: readonly Book['skipped'][number][]): void {
    this.#book.skipped.push(...lines);
  }

  addUnreadable(...lines: readonly Book['unreadable'][number][]): void {
    this.#book.unreadable.push(...lines);
  }

  /**
   * Adds a page: numbers and links its sections, and counts. Of two pages with the same address the first is kept. A
   * file shown by two docs plugins is indexed once, because the ids of its sections come from its path.
   */
  addPage({ page, chunks, warnings, skipReason }: PageContent): void {
    const { source } = page;
    if (skipReason !== null) {
      this.addSkipped({ source, reason: skipReason });
      return;
    }
    const otherUrl = this.#urlsBySource.get(source);
    if (otherUrl !== undefined) {
      this.addSkipped({ source, reason: `shown at ${page.url} as well: indexed once, at ${otherUrl}` });
      return;
    }
    const otherSource = this.#sourcesByUrl.get(page.url);
    if (otherSource !== undefined) {
      this.addSkipped({ source, reason: `the site shows ${otherSource} at its address, ${page.url}` });
      return;
    }
    this.#urlsBySource.set(source, page.url);
    this.#sourcesByUrl.set(page.url, source);
    this.#pages.push(page);
    if (this.#edition !== null) {
      this.#edition.pages += 1;
      this.#edition.sections += chunks.length;
    }
    this.#book.warnings.push(...warnings.map((message) => ({ source, message })));
    const chunksByAnchor = new Map<string | null, number>();
    for (const [index, chunk] of chunks.entries()) {
      const ordinal = chunksByAnchor.get(chunk.anchor) ?? 0;
      chunksByAnchor.set(chunk.anchor, ordinal + 1);
      const position = this.#pages.length * positionsPerPage + index;
      this.#addSection(page, { ...chunk, ordinal, position });
    }
  }

  #addSection(page: Page, chunk: Chunk & { ordinal: number; position: number }): void {
    const { headings, anchor, content, lines, ordinal, position } = chunk;
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
      position,
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

  /** Returns the book; call it once, after the last page. */
  finish(): Book {
    this.#pushLast(null);
    return this.#book;
  }
}
