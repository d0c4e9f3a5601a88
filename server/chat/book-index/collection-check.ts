import type { CollectionState, PassageReader } from '../../collection/ports.ts';
import { failedCheck, type CheckResult, type ServiceCheck } from '../service-check.ts';
import type { BookIndex } from './book-index.ts';
import type { SearchableBook } from './book-state.ts';
import { unverifiedVectors } from './vector-compatibility.ts';

type CollectionHandle = Pick<PassageReader, 'collection' | 'activeEndpoint'>;

/**
 * Checks that Qdrant answers, that the vectors belong to this embedding model, and that the collection is complete.
 * Starts reading a changed book in the background.
 */
export function collectionCheck({
  bookIndex,
  store,
}: {
  bookIndex: BookIndex;
  store: CollectionHandle;
}): ServiceCheck {
  return {
    service: 'qdrant',
    async check({ signal }) {
      try {
        const collection = await bookIndex.refresh({ signal });
        return checkResult(collection, bookIndex, store);
      } catch (error) {
        return failedCheck(error, collectionFacts(bookIndex, store));
      }
    },
  };
}

function checkResult(
  collection: CollectionState,
  bookIndex: BookIndex,
  store: CollectionHandle,
): CheckResult {
  const stamp = collection.exists ? collection.stamp : null;
  const points = collection.exists ? Math.max(0, collection.points - (stamp === null ? 0 : 1)) : 0;
  const facts = { ...collectionFacts(bookIndex, store), vectors: points };
  const { vectors } = bookIndex.snapshot;
  const missing = stamp === null ? 0 : stamp.sections - points;
  if (vectors.usable && missing > 0)
    return {
      ok: false,
      status: 'connected',
      error: `${missing} sections are missing in the collection.`,
      remedy: 'Index the book again: npx rag-space-setup index',
      facts: { ...facts, code: 'collection-incomplete' },
    };
  if (vectors.usable) return { ok: true, status: 'connected', facts: { ...facts, stamp: 'agrees' } };
  return {
    ok: false,
    status: collection.exists ? 'connected' : 'disconnected',
    error: vectors.reason,
    remedy: vectors.remedy,
    facts: { ...facts, code: vectors.code },
    // An indexer may be writing it: the stamp comes last. Testing its vectors is not repeated, since that costs quota.
    isTransient: !collection.exists || (stamp === null && vectors.code !== unverifiedVectors.code),
  };
}

/** As `/api/health` names it. */
const sourceNames: Record<SearchableBook['type'], 'nothing' | 'book.json' | 'collection'> = {
  empty: 'nothing',
  bundled: 'book.json',
  collection: 'collection',
  remote: 'collection',
};

function collectionFacts({ snapshot }: BookIndex, store: CollectionHandle): Record<string, unknown> {
  const endpoint = store.activeEndpoint?.() ?? null;
  const { book } = snapshot;
  return {
    collection: store.collection,
    ...(endpoint === null ? {} : { road: endpoint }),
    book: {
      from: sourceNames[book.type],
      sections: book.size,
      words_in: book.type === 'remote' ? 'qdrant' : 'memory',
      indexed_at: book.writtenAt,
    },
  };
}
