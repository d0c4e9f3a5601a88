import { expect, test } from 'vitest';
import {
  initialState,
  next,
  sectionsInMemory,
  testResult,
  type SearchableBook,
  type BookObservation,
  type BookState,
} from '../../../../server/chat/book-index/book-state.ts';
import { memoryBook } from '../../../../server/chat/book-index/memory-book.ts';
import {
  otherModelVectors,
  unverifiedVectors,
} from '../../../../server/chat/book-index/vector-compatibility.ts';
import { ServerFailure } from '../../../../server/failure.ts';
import { sampleSections } from '../../sample-sections.ts';

const usable = { usable: true } as const;
const noStamp = { usable: false, code: 'collection-without-stamp', reason: 'No stamp.', remedy: '' } as const;
const down = new ServerFailure({ code: 'qdrant-unreachable', message: 'Down.', remedy: 'Wait.' });

const full = await memoryBook({ sections: sampleSections, writtenAt: '2026-01-01T00:00:00Z' });
const none = await memoryBook({ sections: [], writtenAt: null });
const bundled: SearchableBook = { type: 'bundled', ...full };
const collection: SearchableBook = { type: 'collection', ...full };
const inQdrant = { size: 60_000, writtenAt: null };
const remote: SearchableBook = { type: 'remote', ...inQdrant };
const { book: empty } = initialState;

const described = (overrides: Partial<BookObservation> = {}): BookObservation =>
  ({
    type: 'collection-described',
    editions: [],
    version: 'v2',
    vectors: usable,
    calibration: null,
    remote: null,
    fitsMemory: true,
    ...overrides,
  }) as BookObservation;

const learnt = { questions: 'q', sections: 3, coverage_alone: 0.3 };

/** What differs from the initial state, before and after. */
const cases: [name: string, before: Partial<BookState>, BookObservation, after: Partial<BookState>][] = [
  [
    'a described collection changes what is known about the vectors, not the book',
    { book: bundled },
    described({ calibration: learnt }),
    {
      book: bundled,
      vectors: usable,
      calibration: learnt,
    },
  ],
  [
    'a collection too large for memory stays in Qdrant at once',
    { book: bundled },
    described({ remote: inQdrant, fitsMemory: false }),
    { book: remote, remote: inQdrant, version: 'v2', vectors: usable },
  ],
  [
    'Qdrant searches the words of a collection that is still to be read, where there is no other book',
    { remote: inQdrant },
    { type: 'bundled-book-missing' },
    { book: remote, remote: inQdrant, hasNoBundledBook: true, version: null },
  ],
  [
    'the same where there was known to be no other book',
    { hasNoBundledBook: true },
    described({ remote: inQdrant }),
    { book: remote, remote: inQdrant, hasNoBundledBook: true, version: null, vectors: usable },
  ],
  [
    'a collection whose words Qdrant cannot search is waited for',
    {},
    { type: 'bundled-book-missing' },
    { hasNoBundledBook: true },
  ],
  [
    'a book in memory is kept while a changed collection is read',
    { book: collection, version: 'v1', hasNoBundledBook: true },
    described({ remote: inQdrant }),
    { book: collection, remote: inQdrant, version: 'v1', hasNoBundledBook: true, vectors: usable },
  ],
  [
    'a test of the same version decides whether vectors without a stamp are used',
    { tested: { version: 'v2', fits: true } },
    described({ vectors: noStamp }),
    { tested: { version: 'v2', fits: true }, vectors: usable },
  ],
  [
    'vectors that failed the test are not used',
    { tested: { version: 'v2', fits: false } },
    described({ vectors: noStamp }),
    { tested: { version: 'v2', fits: false }, vectors: otherModelVectors },
  ],
  [
    'a test of another version decides nothing',
    { tested: { version: 'v1', fits: true } },
    described({ vectors: noStamp }),
    { tested: { version: 'v1', fits: true }, vectors: noStamp },
  ],
  [
    'a failing Qdrant is the reason as long as there is no book',
    {},
    { type: 'qdrant-failed', error: down },
    { vectors: { usable: false, code: down.code, reason: down.message, remedy: down.remedy } },
  ],
  ['an unknown error is not shown', {}, { type: 'qdrant-failed', error: new Error('secret') }, {}],
  [
    'a book is kept when Qdrant fails',
    { book: collection, version: 'v1', vectors: usable },
    { type: 'qdrant-failed', error: down },
    { book: collection, version: 'v1', vectors: usable },
  ],
  [
    'the bundled book serves until the collection is read',
    {},
    { type: 'bundled-book-read', book: full, calibration: learnt, editions: [] },
    { book: bundled, calibration: learnt },
  ],
  [
    'the bundled book replaces a remote one, which is then read again',
    { book: remote, version: 'v1' },
    { type: 'bundled-book-read', book: full, calibration: learnt, editions: [] },
    { book: bundled, version: null, calibration: learnt },
  ],
  [
    'a collection that was read replaces the bundled book',
    { book: bundled },
    { type: 'collection-read', version: 'v2', book: full },
    { book: collection, version: 'v2' },
  ],
  [
    'an empty collection does not replace the bundled book, and is not read again',
    { book: bundled },
    { type: 'collection-read', version: 'v2', book: none },
    { book: bundled, version: 'v2' },
  ],
  [
    'an empty collection replaces no book',
    { book: empty },
    { type: 'collection-read', version: 'v2', book: none },
    { book: { type: 'collection', ...none }, version: 'v2' },
  ],
  [
    'a successful test is remembered',
    { version: 'v2' },
    { type: 'vectors-tested', version: 'v2', fits: true },
    { version: 'v2', tested: { version: 'v2', fits: true }, vectors: usable },
  ],
  [
    'a test that itself failed is not remembered',
    { version: 'v2' },
    { type: 'vectors-tested', version: 'v2', fits: null },
    { version: 'v2', vectors: unverifiedVectors },
  ],
];

test.each(cases)('%s', (_name, before, observation, after) => {
  expect(next({ ...initialState, ...before }, observation)).toEqual({ ...initialState, ...after });
});

test('the result of a test applies to its version only', () => {
  const state = { ...initialState, tested: { version: 'v1', fits: false } };
  expect([testResult(state, 'v1'), testResult(state, 'v2'), testResult(initialState, null)]).toEqual([
    false,
    null,
    null,
  ]);
});

test('only books in memory have sections at hand', () => {
  expect([empty, bundled, collection, remote].map((book) => sectionsInMemory(book).size)).toEqual([
    0,
    sampleSections.length,
    sampleSections.length,
    0,
  ]);
});
