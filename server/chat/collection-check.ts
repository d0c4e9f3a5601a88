import { Failure } from '../failure.ts';
import type { CollectionState, PassageStore } from '../index/ports.ts';
import { untriedVectors } from './dense-leg.ts';
import type { Library } from './library.ts';
import type { CheckResult, ServiceCheck } from './ports.ts';

type Named = Pick<PassageStore, 'collection' | 'road'>;

/**
 * Looks at the collection: that Qdrant answers, that the vectors are this model's, and that the book in memory
 * is the one that stands there, whole. Reading a changed book goes on behind the check.
 */
export function collectionCheck({ library, store }: { library: Library; store: Named }): ServiceCheck {
  return {
    service: 'qdrant',
    async check({ signal }) {
      try {
        const state = await library.look({ signal });
        return resultOf(state, library, store);
      } catch (error) {
        return failedCheck(error, factsOf(library, store));
      }
    },
  };
}

function resultOf(state: CollectionState, library: Library, store: Named): CheckResult {
  const points = state.exists ? Math.max(0, state.points - (state.stamp === null ? 0 : 1)) : 0;
  const facts = { ...factsOf(library, store), vectors: points };
  const { dense } = library.holding;
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
    isPassing: !state.exists || (state.stamp === null && dense.code !== untriedVectors.code),
  };
}

function factsOf({ holding }: Library, store: Named): Record<string, unknown> {
  const road = store.road?.() ?? null;
  return {
    collection: store.collection,
    ...(road === null ? {} : { road }),
    book: {
      from: holding.from,
      sections: holding.size,
      words_in: holding.words,
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
