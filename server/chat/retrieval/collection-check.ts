import { Failure } from '../../failure.ts';
import type { CollectionState, PassageStore } from '../../collection/ports.ts';
import { unverifiedVectors } from './vector-compatibility.ts';
import type { BookIndex } from './book-index.ts';
import type { CheckResult, ServiceCheck } from '../ports.ts';

type CollectionHandle = Pick<PassageStore, 'collection' | 'road'>;

/**
 * Looks at the collection: that Qdrant answers, that the vectors are this model's, and that the book in memory
 * is the one that stands there, whole. Reading a changed book goes on behind the check.
 */
export function collectionCheck({
  library,
  store,
}: {
  library: BookIndex;
  store: CollectionHandle;
}): ServiceCheck {
  return {
    service: 'qdrant',
    async check({ signal }) {
      try {
        const state = await library.refresh({ signal });
        return checkResult(state, library, store);
      } catch (error) {
        return failedCheck(error, collectionFacts(library, store));
      }
    },
  };
}

function checkResult(state: CollectionState, library: BookIndex, store: CollectionHandle): CheckResult {
  const points = state.exists ? Math.max(0, state.points - (state.stamp === null ? 0 : 1)) : 0;
  const facts = { ...collectionFacts(library, store), vectors: points };
  const { vectors: dense } = library.holding;
  const missing = state.exists && state.stamp !== null ? state.stamp.sections - points : 0;
  if (dense.usable && missing > 0)
    return {
      ok: false,
      status: 'connected',
      error: `${missing} sections are missing in the collection.`,
      remedy: 'Index the book again: npx rag-space-setup index',
      facts: { ...facts, code: 'collection-incomplete' },
    };
  if (dense.usable) return { ok: true, status: 'connected', facts: { ...facts, stamp: 'agrees' } };
  return {
    ok: false,
    status: state.exists ? 'connected' : 'disconnected',
    error: dense.reason,
    remedy: dense.remedy,
    facts: { ...facts, code: dense.code },
    // It may be being written: its stamp comes last. Trying it costs Gemini's quota.
    isPassing: !state.exists || (state.stamp === null && dense.code !== unverifiedVectors.code),
  };
}

function collectionFacts({ holding }: BookIndex, store: CollectionHandle): Record<string, unknown> {
  const road = store.road?.() ?? null;
  return {
    collection: store.collection,
    ...(road === null ? {} : { road }),
    book: {
      from: holding.from,
      sections: holding.size,
      words_in: holding.lexicalBackend,
      indexed_at: holding.writtenAt,
    },
  };
}

/** A check that ended with an error, in words that may be shown. */
export function failedCheck(error: unknown, facts: Record<string, unknown> = {}): CheckResult {
  if (error instanceof Failure)
    return {
      ok: false,
      status: 'disconnected',
      error: error.message,
      remedy: error.remedy,
      facts: { ...facts, code: error.code },
    };
  return {
    ok: false,
    status: 'disconnected',
    error: 'It did not answer in time.',
    remedy: 'Wait a minute; then look at the service in its console.',
    facts: { ...facts, code: 'no-answer' },
  };
}
