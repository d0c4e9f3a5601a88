import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LexicalHits } from '../collection/bm25-index.ts';
import type { ScoredSection } from '../collection/ports.ts';
import { runInSlices } from '../collection/run-in-slices.ts';
import type { Section } from '../collection/section.ts';
import type { ChatDeps } from '../chat/answer-question.ts';
import type { IndexSnapshot } from '../chat/book-index/book-index.ts';
import { sectionsInMemory } from '../chat/book-index/book-state.ts';
import { createEditionMap } from '../chat/editions/edition-map.ts';
import type { EditionScope } from '../chat/editions/edition-scope.ts';
import type { Question, ShownEdition } from '../chat/protocol.ts';
import { withDeadline } from '../chat/resilience/deadline.ts';
import { calibratedSettings } from '../chat/retrieval/calibrated-settings.ts';
import { hybridSearch } from '../chat/retrieval/hybrid-search.ts';
import { lexicalSearch } from '../chat/retrieval/lexical-search.ts';
import { isOffTopic } from '../chat/retrieval/relevance-gate.ts';
import { readerScope, searchEditions, wholeScope } from '../chat/retrieval/search-editions.ts';
import { ServerFailure } from '../failure.ts';
import { pagePath } from '../links/allow-links.ts';
import { listPages, type BookPage, type PageList } from './page-list.ts';

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
  async searchWords(request: SearchRequest): Promise<ShownSection[]> {
    const snapshot = await this.#snapshot();
    return this.#deps.searchLimit(async () => {
      const { hits, scope } = await this.#wordsIn(snapshot, request);
      return shown(hits.slice(0, request.limit), scope);
    });
  }

  /** In the reader's editions; where they have none of the words, in the whole book. */
  async #wordsIn(
    snapshot: IndexSnapshot,
    { query, place = {}, signal }: SearchRequest,
  ): Promise<Pick<LexicalHits, 'hits' | 'coverage'> & { scope: EditionScope | null }> {
    const search = async (scope: EditionScope | null) => {
      const text = { text: query, book: snapshot.book, scope };
      const result = await lexicalSearch({ ...text, deps: this.#deps, signal });
      return { hits: result?.hits ?? [], coverage: result?.coverage ?? 0, scope };
    };
    const own = await search(readerScope({ message: query, ...place }, snapshot));
    return own.scope === null || own.hits.length > 0 ? own : search(wholeScope(snapshot));
  }

  /**
   * As `searchWords`, and by meaning where the words alone find too little. That embeds the query, which is a call to the
   * model's vendor, unless `withoutVectors`.
   */
  async search(request: SearchRequest & { withoutVectors: boolean }): Promise<ShownSection[]> {
    const { query, limit, place = {}, withoutVectors, signal } = request;
    const snapshot = await this.#snapshot();
    const settings = calibratedSettings(this.#deps.settings, snapshot.calibration);
    const deps = { ...this.#deps, settings };
    return deps.searchLimit(async () => {
      const words = await this.#wordsIn(snapshot, request);
      const hasEnough = words.coverage >= settings.relevance.coverageAlone;
      if (hasEnough || withoutVectors) return shown(words.hits.slice(0, limit), words.scope);
      const { result, scope } = await searchEditions({
        question: { message: query, ...place },
        snapshot,
        search: (within) => hybridSearch({ text: query, snapshot, scope: within, deps, signal }),
        isOffTopic: (result) => isOffTopic(result, settings.relevance),
      });
      return shown(result.ranked.slice(0, limit), scope);
    });
  }

  /** A section with the edition that it is of. */
  asShown(section: Section): ShownSection {
    const { editions } = this.#deps.bookIndex.snapshot;
    const edition = editions.length === 0 ? null : createEditionMap(editions).of(section);
    return edition === null
      ? { section }
      : { section, edition: { version: edition.label, locale: edition.locale } };
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

  /** The pages that a reader is shown, in reading order: without a place those of the version that readers see first. */
  async pagesFor(place: BookPlace = {}): Promise<ShownPage[]> {
    const { pages } = await this.pages();
    const scope = readerScope({ message: '', ...place }, await this.#snapshot());
    return [...pages.values()].flatMap((page): ShownPage[] => {
      const [first] = page.sections;
      if (scope === null || first === undefined) return [page];
      if (!scope.accepts(first)) return [];
      const { section, edition } = scope.present({ section: first, similarity: null, score: 0 });
      return [{ ...page, path: pagePath(section.url), ...(edition !== undefined && { edition }) }];
    });
  }

  /** Of a page that is not translated, the one that is shown in its place; null for an unknown path. */
  async pageAt(address: string): Promise<BookPage | null> {
    const { pages } = await this.pages();
    const { editions } = await this.#snapshot();
    const path = pagePath(address);
    const original = createEditionMap(editions).originalOf(path);
    const page = pages.get(path) ?? (original === null ? undefined : pages.get(original));
    return page === undefined ? null : { ...page, path };
  }

  /** Why nothing is in the editions that are asked for: the book does not have them. Null where it does. */
  async unknownEdition({ version, locale }: BookPlace): Promise<string | null> {
    const { editions } = await this.#snapshot();
    const namesOf = {
      version: editions.flatMap((edition) => [edition.label, edition.version]),
      locale: editions.map((edition) => edition.locale),
    };
    for (const [name, value] of Object.entries({ version, locale }) as ['version' | 'locale', string?][]) {
      const names = [...new Set(namesOf[name])];
      if (value === undefined || names.some((each) => each.toLowerCase() === value.toLowerCase())) continue;
      return `The book has no ${name} ${value}${names.length > 0 ? `: it has ${names.join(', ')}` : ''}.`;
    }
    return null;
  }

  /** The sections of an address: those under its anchor, or all of its page. In reading order; empty for an unknown one. */
  async sectionsAt(address: string): Promise<readonly Section[]> {
    const page = await this.pageAt(address);
    const anchor = anchorOf(address);
    if (page === null || anchor === '') return page?.sections ?? [];
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

/** Where a reader is, as far as a request says. */
export type BookPlace = Pick<Question, 'address' | 'version' | 'locale'>;
export type SearchRequest = { query: string; limit: number; place?: BookPlace; signal: AbortSignal };

/** `edition` only of a book with several. */
export type ShownSection = { section: Section; edition?: ShownEdition };
export type ShownPage = BookPage & { edition?: ShownEdition };

function shown(hits: readonly ScoredSection[], scope: EditionScope | null): ShownSection[] {
  return scope === null ? [...hits] : hits.map((hit) => scope.present({ ...hit, similarity: null }));
}

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
