import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ScoredSection } from '../collection/ports.ts';
import { runInSlices } from '../collection/run-in-slices.ts';
import type { Section } from '../collection/section.ts';
import type { ChatDeps } from '../chat/answer-question.ts';
import type { IndexSnapshot } from '../chat/book-index/book-index.ts';
import { sectionsInMemory } from '../chat/book-index/book-state.ts';
import { withDeadline } from '../chat/resilience/deadline.ts';
import { calibratedSettings } from '../chat/retrieval/calibrated-settings.ts';
import { hybridSearch } from '../chat/retrieval/hybrid-search.ts';
import { lexicalSearch } from '../chat/retrieval/lexical-search.ts';
import { ServerFailure } from '../failure.ts';
import { pagePath } from '../links/allow-links.ts';
import { listPages, type PageList } from './page-list.ts';

export type BookReaderDeps = Pick<
  ChatDeps,
  'bookIndex' | 'passageStore' | 'breakers' | 'settings' | 'queryVectors' | 'searchLimit' | 'log'
>;

/** The book as programs read it: by its words, by its pages, and by its sections. No model is ever asked. */
export class BookReader {
  readonly #deps: BookReaderDeps;
  readonly #site: string | null;
  #listed: { book: IndexSnapshot['book']; list: Promise<PageList> } | null = null;

  /** `site` is the origin at which the book is published; null when it is not known. */
  constructor({ deps, site }: { deps: BookReaderDeps; site: string | null }) {
    this.#deps = deps;
    this.#site = site;
  }

  /** The published address of a section or page; its path where the site is not known. */
  addressOf(path: string): string {
    return this.#site !== null && path.startsWith('/') ? this.#site + path : path;
  }

  /**
   * The sections with the most of the query's words, best first. Costs no call to a model's vendor.
   *
   * @throws ServerFailure `book-not-loaded`, or the store's for a book that is searched in Qdrant.
   */
  async searchWords({ query, limit, signal }: SearchRequest): Promise<ScoredSection[]> {
    const { book } = await this.#snapshot();
    const result = await this.#deps.searchLimit(() =>
      lexicalSearch({ text: query, book, deps: this.#deps, signal }),
    );
    return (result?.hits ?? []).slice(0, limit);
  }

  /**
   * As `searchWords`, and by meaning where the words alone find too little. That embeds the query, which is a call to the
   * model's vendor, unless `withoutVectors`.
   */
  async search({
    query,
    limit,
    withoutVectors,
    signal,
  }: SearchRequest & { withoutVectors: boolean }): Promise<ScoredSection[]> {
    const snapshot = await this.#snapshot();
    const settings = calibratedSettings(this.#deps.settings, snapshot.calibration);
    const deps = { ...this.#deps, settings };
    return deps.searchLimit(async () => {
      const words = await lexicalSearch({ text: query, book: snapshot.book, deps, signal });
      const hasEnough = (words?.coverage ?? 0) >= settings.relevance.coverageAlone;
      if (hasEnough || withoutVectors) return (words?.hits ?? []).slice(0, limit);
      const { ranked } = await hybridSearch({ text: query, snapshot, deps, signal });
      return ranked.slice(0, limit);
    });
  }

  /** A section by its id; null when the book has none. */
  async section({ id, signal }: { id: string; signal: AbortSignal }): Promise<Section | null> {
    const { book } = await this.#snapshot();
    if (book.type !== 'remote') return sectionsInMemory(book).get(id) ?? null;
    const { breakers, passageStore, settings } = this.#deps;
    const limits = { signal, ms: settings.searchTimeoutMs, service: 'qdrant' };
    const load = () =>
      withDeadline(limits, (limited) => passageStore.sectionsById({ ids: [id], signal: limited }));
    const [section] = await breakers.qdrant.run(load, signal);
    return section ?? null;
  }

  /**
   * Every page, listed once for each state of the book.
   *
   * @throws ServerFailure `book-not-loaded`; `book-not-in-memory` for a book that is searched in Qdrant.
   */
  async pages(): Promise<PageList> {
    const { book } = await this.#snapshot();
    if (book.type === 'remote') throw tooLarge();
    if (this.#listed?.book !== book)
      this.#listed = { book, list: runInSlices(listPages(sectionsInMemory(book).values()), nextTurn) };
    return this.#listed.list;
  }

  /** The sections of an address: those under its anchor, or all of its page. In reading order; empty for an unknown one. */
  async sectionsAt(address: string): Promise<readonly Section[]> {
    const { pages } = await this.pages();
    const page = pages.get(pagePath(address));
    const anchor = anchorOf(address);
    if (page === undefined || anchor === '') return page?.sections ?? [];
    return page.sections.filter((section) => section.anchor === anchor);
  }

  async #snapshot(): Promise<IndexSnapshot> {
    const { bookIndex, settings } = this.#deps;
    await bookIndex.whenReady({ ms: settings.indexReadyTimeoutMs });
    if (bookIndex.snapshot.book.size === 0)
      throw new ServerFailure({
        code: 'book-not-loaded',
        message: 'The book is not loaded yet.',
        remedy: 'Try again in a minute. If it stays so, /api/health says why.',
      });
    return bookIndex.snapshot;
  }
}

export type SearchRequest = { query: string; limit: number; signal: AbortSignal };

function anchorOf(address: string): string {
  const anchor = address.split('#')[1] ?? '';
  try {
    return decodeURIComponent(anchor);
  } catch {
    return anchor;
  }
}

function tooLarge(): ServerFailure {
  return new ServerFailure({
    code: 'book-not-in-memory',
    message: 'This book is too large to be listed here.',
    remedy: 'Search it: /api/search?q=words.',
  });
}
