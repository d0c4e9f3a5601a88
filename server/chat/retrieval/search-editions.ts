import type { Edition } from '../../collection/editions/edition.ts';
import { createEditionMap, type EditionMap } from '../editions/edition-map.ts';
import { editionScope, type EditionScope } from '../editions/edition-scope.ts';
import { readerEditions, type ReaderEditions } from '../editions/reader-editions.ts';
import type { IndexSnapshot } from '../book-index/book-index.ts';
import type { Question, ShownEdition } from '../protocol.ts';
import type { HybridSearchResult } from './hybrid-search.ts';

/** What was found, and in which editions; `scope` is null for a book of one. */
export type EditionSearch = {
  result: HybridSearchResult;
  scope: EditionScope | null;
  /** Where the passages are from, when that is not what the reader reads. */
  elsewhere: Elsewhere | null;
};

export type Elsewhere = { from: ShownEdition; reader: ShownEdition };

type Request = {
  question: Pick<Question, 'message' | 'address' | 'version' | 'locale'>;
  snapshot: Pick<IndexSnapshot, 'book' | 'editions'>;
  search(scope: EditionScope | null): Promise<HybridSearchResult>;
  isOffTopic(result: HybridSearchResult): boolean;
};

/**
 * Searches what the reader reads: a version, in a language. Where that says nothing about the question and the whole book
 * does, the answer is from the nearest edition that does: of the same version if there is one, else of the version that
 * readers see first.
 */
export async function searchEditions({
  question,
  snapshot,
  search,
  isOffTopic,
}: Request): Promise<EditionSearch> {
  if (snapshot.editions.length === 0) return { result: await search(null), scope: null, elsewhere: null };
  const map = createEditionMap(snapshot.editions);
  const reader = readerEditions(map, placeOf(question));
  const scopeOf = (editions: readonly Edition[]): EditionScope =>
    editionScope(map, editions, translatedPages(snapshot));
  const own = scopeOf(reader.editions);
  const first = { result: await search(own), scope: own, elsewhere: null };
  const { cosine, coverage } = first.result;
  const hasFailed = cosine === null && coverage === null;
  if (hasFailed || !isOffTopic(first.result)) return first;
  const whole = await search(scopeOf(map.editions));
  if (isOffTopic(whole)) return first;
  for (const editions of [...widerEditions(map, reader), map.editions]) {
    const result = editions === map.editions ? whole : await search(scopeOf(editions));
    const best = result.ranked[0];
    if (best === undefined || isOffTopic(result)) continue;
    const edition = map.of(best.section);
    const scope = scopeOf(edition === null ? editions : [edition]);
    const ranked = result.ranked.filter(({ section }) => scope.accepts(section));
    return { result: { ...result, ranked }, scope, elsewhere: elsewhereOf(edition, reader) };
  }
  return first;
}

/** The scope of a reader's place alone; null for a book of one edition. */
export function readerScope(
  question: Request['question'],
  snapshot: Pick<IndexSnapshot, 'book' | 'editions'>,
): EditionScope | null {
  if (snapshot.editions.length === 0) return null;
  const map = createEditionMap(snapshot.editions);
  const { editions } = readerEditions(map, placeOf(question));
  return editionScope(map, editions, translatedPages(snapshot));
}

/** Every edition of a book with several, each section as its own shows it; null for a book of one edition. */
export function wholeScope(snapshot: Pick<IndexSnapshot, 'book' | 'editions'>): EditionScope | null {
  const { editions } = snapshot;
  return editions.length === 0
    ? null
    : editionScope(createEditionMap(editions), editions, translatedPages(snapshot));
}

function placeOf({ message, address, version, locale }: Request['question']) {
  return { question: message, address: address ?? null, version: version ?? null, locale: locale ?? null };
}

function translatedPages({ book }: Pick<IndexSnapshot, 'book'>) {
  return 'sources' in book ? book : null;
}

/** The nearest first. */
function widerEditions(map: EditionMap, { editions, locales }: ReaderEditions): Edition[][] {
  const isOfReader = ({ docs, version }: Edition): boolean =>
    editions.some((own) => own.docs === docs && own.version === version);
  const first = map.editions.filter(({ is_default: isDefault }) => isDefault);
  return [
    map.editions.filter(isOfReader),
    first.filter(({ locale }) => locales === null || locales.includes(locale)),
    first,
  ];
}

function elsewhereOf(edition: Edition | null, { editions, here }: ReaderEditions): Elsewhere | null {
  const reader = here ?? editions.find(({ docs }) => docs === edition?.docs) ?? editions[0];
  if (edition === null || reader === undefined || editions.includes(edition)) return null;
  return {
    from: { version: edition.label, locale: edition.locale },
    reader: { version: reader.label, locale: reader.locale },
  };
}
