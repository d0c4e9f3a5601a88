import { expect, test } from 'vitest';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';
import type { IndexSnapshot } from '../../../../server/chat/book-index/book-index.ts';
import type { SearchableBook } from '../../../../server/chat/book-index/book-state.ts';
import { memoryBook } from '../../../../server/chat/book-index/memory-book.ts';
import { hybridSearch } from '../../../../server/chat/retrieval/hybrid-search.ts';
import { chatSettings } from '../../../../server/chat/settings.ts';
import { storeStandIn } from '../../../indexer/sync/stand-ins.ts';
import { sampleSections } from '../../sample-sections.ts';

const withoutStamp: SearchableBook = {
  type: 'collection',
  ...(await memoryBook({ sections: sampleSections, writtenAt: null })),
};

function build(vectorFor: (text: string) => Promise<number[]>, book: SearchableBook = withoutStamp) {
  const snapshot: IndexSnapshot = { book, vectors: { usable: true }, calibration: null, editions: [] };
  const embedded: string[] = [];
  const logged: unknown[] = [];
  const lookups: unknown[] = [];
  const { store } = storeStandIn();
  const deps = {
    queryVectors: { vectorFor: (text: string) => (embedded.push(text), vectorFor(text)) },
    passageStore: {
      ...store,
      searchDense: ({ lookup }: { lookup?: unknown }) => (lookups.push(lookup), Promise.resolve([])),
    },
    breakers: {
      qdrant: new CircuitBreaker({ service: 'qdrant' }),
      sparse: new CircuitBreaker({ service: 'qdrant' }),
    },
    settings: chatSettings,
    log: (failure: unknown) => void logged.push(failure),
  };
  const search = (signal: AbortSignal) =>
    hybridSearch({ text: 'How far does a lidar measure?', snapshot, deps, signal });
  return { search, embedded, logged, lookups };
}

test('the search continues without a failing retriever, which is logged', async () => {
  const down = new Error('down');
  const { search, logged } = build(() => Promise.reject(down));
  const { ranked, strategies, cosine } = await search(new AbortController().signal);
  expect([ranked[0]?.section.title, strategies, cosine]).toEqual(['Lidar', ['lexical'], null]);
  expect(logged).toEqual([down]);
});

test('a client that left costs no quota, and one that leaves is not waited for', async () => {
  const left = new Error('left');
  const { search, embedded, logged } = build(() => new Promise(() => undefined));
  await expect(search(AbortSignal.abort(left))).rejects.toBe(left);
  expect(embedded).toEqual([]);
  const client = new AbortController();
  const result = search(client.signal);
  client.abort(left);
  await expect(result).rejects.toBe(left);
  expect([embedded.length, logged]).toEqual([1, []]);
});

test('texts come from memory only where it holds the same sections as Qdrant', async () => {
  const inMemory = await memoryBook({ sections: sampleSections, writtenAt: '2026-01-01T00:00:00Z' });
  const books: [SearchableBook, usesLookup: boolean][] = [
    [{ type: 'collection', ...inMemory }, true],
    [withoutStamp, false],
    [{ type: 'bundled', ...inMemory }, false],
    [{ type: 'remote', size: 60_000, writtenAt: inMemory.writtenAt }, false],
  ];
  for (const [book, usesLookup] of books) {
    const { search, lookups } = build(() => Promise.resolve([1]), book);
    await search(new AbortController().signal);
    expect(lookups.map((lookup) => typeof lookup)).toEqual([usesLookup ? 'function' : 'undefined']);
  }
});
