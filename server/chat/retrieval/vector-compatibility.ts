import type { CollectionState } from '../../collection/ports.ts';
import { bareModel, textFormat } from '../../collection/embedding.ts';

/** Whether questions may be asked of the collection's vectors, and if not, why. */
export type VectorCompatibility =
  | { usable: true }
  | { usable: false; code: string; reason: string; remedy: string };

const reindexRemedy = 'Index the book again: npx rag-space-setup index';

export const otherModelVectors: VectorCompatibility = {
  usable: false,
  code: 'collection-model-differs',
  reason: 'The vectors of the collection were written by another embedding model.',
  remedy: reindexRemedy,
};

/** A collection that does not say which model wrote it, and could not be tried. */
export const unverifiedVectors = {
  usable: false,
  code: 'collection-untried',
  reason: 'The collection does not say which model wrote it, and it could not be tried with this one.',
  remedy: 'Wait until Gemini answers, or index the book again: npx rag-space-setup index',
} satisfies VectorCompatibility;

/** Whether questions may be asked of the vectors: another model's would answer nonsense that looks like answers. */
export function checkVectors(
  state: CollectionState,
  { model, dimensions }: { model: string; dimensions: number },
): VectorCompatibility {
  if (!state.exists)
    return {
      usable: false,
      code: 'qdrant-collection-missing',
      reason: 'The collection does not exist.',
      remedy: reindexRemedy,
    };
  if (state.dimensions !== dimensions)
    return {
      usable: false,
      code: 'collection-dimensions-differ',
      reason: `The collection holds vectors of ${state.dimensions ?? 0} dimensions, the server asks with ${dimensions}.`,
      remedy: reindexRemedy,
    };
  const { stamp } = state;
  if (stamp === null)
    return {
      usable: false,
      code: 'collection-without-stamp',
      reason: 'The collection does not say which model wrote it.',
      remedy: reindexRemedy,
    };
  if (bareModel(stamp.embedding_model) !== bareModel(model) || stamp.text_format !== textFormat(model))
    return {
      usable: false,
      code: 'collection-model-differs',
      reason: `The collection was written with ${stamp.embedding_model}, the server asks with ${model}.`,
      remedy: `Set GEMINI_EMBEDDING_MODEL to ${stamp.embedding_model}, or index the book again.`,
    };
  return { usable: true };
}
