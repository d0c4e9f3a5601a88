import type { CollectionState, PassageStore } from '../../server/collection/ports.ts';
import { diffBook, type BookDiff } from './diff-book.ts';
import { estimateTokens } from './embedding-cost.ts';
import { storedSections, type HashedBook } from './section-fingerprints.ts';

/** What indexing would do; the counts are sections. */
export type SyncPreview = {
  kind: BookDiff['kind'];
  state: CollectionState;
  add: number;
  /** New text, a missing vector, or another place in the book. */
  change: number;
  keep: number;
  remove: number;
  /** Calls of a model that writes about sections, where they are enriched. */
  enrichmentCalls: number;
  /** Estimate of the tokens to embed, at four characters each. */
  tokens: number;
};

/** What indexing the book would change in the collection. Reads only; `foreign` means that indexing would fail. */
export async function previewSync(
  request: HashedBook & {
    store: PassageStore;
    /** The collection as just described; described again when missing. */
    state?: CollectionState;
    signal: AbortSignal;
  },
): Promise<SyncPreview> {
  const { kind, state, add, change, move, remove, keep } = await diffBook(request);
  return {
    kind,
    state,
    add: add.length,
    change: change.length + move.length,
    keep,
    remove: remove.length,
    enrichmentCalls: request.recipe === undefined ? 0 : add.length + change.length,
    tokens: kind === 'foreign' ? 0 : estimateTokens(storedSections([...add, ...change], request)),
  };
}
