import type { Edition } from '../../collection/editions/edition.ts';
import type { Section } from '../../collection/section.ts';
import type { Calibration } from '../../collection/stamp.ts';
import { ServerFailure } from '../../failure.ts';
import type { MemoryBook } from './memory-book.ts';
import { otherModelVectors, unverifiedVectors, type VectorCompatibility } from './vector-compatibility.ts';

/** The book that questions are answered from, by where its words are searched. */
export type SearchableBook =
  | { type: 'empty'; size: 0; writtenAt: null }
  /** `book.json`, uploaded with the server; used until the collection can be read. */
  | ({ type: 'bundled' } & MemoryBook)
  /** The collection, read into memory. */
  | ({ type: 'collection' } & MemoryBook)
  /** A collection too large for this process's memory, or not read into it yet: Qdrant searches its words. */
  | ({ type: 'remote' } & RemoteBook);

/** A collection whose words Qdrant can search. */
type RemoteBook = { size: number; writtenAt: string | null };

/** Everything known about the book. */
export type BookState = {
  book: SearchableBook;
  /** Version of the collection that was read last; null before that, and while the bundled book replaces a remote one. */
  version: string | null;
  /** Whether the collection's vectors can be searched with this server's embedding model. */
  vectors: VectorCompatibility;
  /** Settings calibrated for this collection; null where there are none. */
  calibration: Calibration | null;
  /** Where its versions and languages are published; empty for a book of one. */
  editions: readonly Edition[];
  /** The collection as Qdrant alone can search it; null where it cannot. */
  remote: RemoteBook | null;
  /** Whether this process was found to have no `book.json`. */
  hasNoBundledBook: boolean;
  /** A collection without a stamp that was tested against the embedding model, and the result. */
  tested: { version: string; fits: boolean } | null;
};

/** Something learned about the book. */
export type BookObservation =
  | {
      type: 'collection-described';
      /** Null when the collection does not exist. */
      version: string | null;
      /** As far as the stamp says. */
      vectors: VectorCompatibility;
      calibration: Calibration | null;
      editions: readonly Edition[];
      /** Null where Qdrant cannot search its words. */
      remote: RemoteBook | null;
      fitsMemory: boolean;
    }
  | { type: 'qdrant-failed'; error: unknown }
  | {
      type: 'bundled-book-read';
      book: MemoryBook;
      calibration: Calibration | null;
      editions: readonly Edition[];
    }
  | { type: 'bundled-book-missing' }
  | { type: 'collection-read'; version: string; book: MemoryBook }
  /** `fits` is null when the test itself failed. */
  | { type: 'vectors-tested'; version: string; fits: boolean | null };

/** Before Qdrant has answered for the first time. */
export const initialState: BookState = {
  book: { type: 'empty', size: 0, writtenAt: null },
  version: null,
  vectors: {
    usable: false,
    code: 'qdrant-not-seen',
    reason: 'Qdrant has not answered yet.',
    remedy: 'Wait half a minute: it is asked again.',
  },
  calibration: null,
  editions: [],
  remote: null,
  hasNoBundledBook: false,
  tested: null,
};

/** The state after an observation. Pure. */
export function next(state: BookState, observation: BookObservation): BookState {
  switch (observation.type) {
    case 'collection-described': {
      const { version, remote, fitsMemory, calibration, editions } = observation;
      const fits = testResult(state, version);
      const vectors = fits === null ? observation.vectors : verdict(fits);
      const described = { ...state, vectors, calibration, editions, remote };
      if (remote === null || fitsMemory) return searchedMeanwhile(described);
      return { ...described, version, book: { type: 'remote', ...remote } };
    }
    case 'qdrant-failed':
      return state.book.type === 'empty' ? { ...state, vectors: notSeenYet(observation.error) } : state;
    case 'bundled-book-read':
      return {
        ...state,
        version: null,
        calibration: state.calibration ?? observation.calibration,
        editions: observation.editions,
        book: { type: 'bundled', ...observation.book },
      };
    case 'bundled-book-missing':
      return searchedMeanwhile({ ...state, hasNoBundledBook: true });
    case 'collection-read': {
      const { version, book } = observation;
      // An empty collection is one that is not written yet; the bundled book is better than nothing.
      const keepsBundled = book.size === 0 && state.book.type === 'bundled';
      return { ...state, version, book: keepsBundled ? state.book : { type: 'collection', ...book } };
    }
    case 'vectors-tested': {
      const { version, fits } = observation;
      if (fits === null) return { ...state, vectors: unverifiedVectors };
      return { ...state, tested: { version, fits }, vectors: verdict(fits) };
    }
    default:
      return observation satisfies never;
  }
}

/** Until the collection is read, Qdrant searches its words where there is no book at all. */
function searchedMeanwhile(state: BookState): BookState {
  const { book, remote, hasNoBundledBook } = state;
  if (book.type !== 'empty' || remote === null || !hasNoBundledBook) return state;
  return { ...state, book: { type: 'remote', ...remote } };
}

/** What the test of this version's vectors showed; null when it was not tested. */
export function testResult({ tested }: BookState, version: string | null): boolean | null {
  return tested !== null && tested.version === version ? tested.fits : null;
}

function verdict(fits: boolean): VectorCompatibility {
  return fits ? { usable: true } : otherModelVectors;
}

function notSeenYet(error: unknown): VectorCompatibility {
  if (!(error instanceof ServerFailure)) return initialState.vectors;
  return { usable: false, code: error.code, reason: error.message, remedy: error.remedy };
}

const noSections: ReadonlyMap<string, Section> = new Map();

/** The sections held in memory, by id; none for a remote book. */
export function sectionsInMemory(book: SearchableBook): ReadonlyMap<string, Section> {
  return book.type === 'bundled' || book.type === 'collection' ? book.sections : noSections;
}
