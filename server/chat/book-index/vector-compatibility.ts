import { bareModel, textFormat } from '../../collection/embedding.ts';
import type { CollectionState } from '../../collection/ports.ts';

/** Whether the collection's vectors can be searched with this server's embedding model, and if not, why. */
export type VectorCompatibility =
  | { usable: true }
  | { usable: false; code: string; reason: string; remedy: string };

const reindexRemedy = 'Index the book again: npx rag-space-setup index';

/** A test showed that another embedding model wrote the collection. */
export const otherModelVectors: VectorCompatibility = {
  usable: false,
  code: 'collection-model-differs',
  reason: 'The vectors of the collection were written by another embedding model.',
  remedy: reindexRemedy,
};

/** A collection without a stamp whose vectors could not be tested. */
export const unverifiedVectors = {
  usable: false,
  code: 'collection-untried',
  reason: 'The collection does not say which model wrote it, and it could not be tested with this one.',
  remedy: 'Wait until Gemini answers, or index the book again: npx rag-space-setup index',
} satisfies VectorCompatibility;

/** Compares the collection with the embedding model: searching another model's vectors returns plausible nonsense. */
export function checkVectors(
  collection: CollectionState,
  { model, dimensions }: { model: string; dimensions: number },
): VectorCompatibility {
  if (!collection.exists)
    return {
      usable: false,
      code: 'qdrant-collection-missing',
      reason: 'The collection does not exist.',
      remedy: reindexRemedy,
    };
  if (collection.dimensions !== dimensions)
    return {
      usable: false,
      code: 'collection-dimensions-differ',
      reason: `The collection holds vectors of ${collection.dimensions ?? 0} dimensions, the server asks with ${dimensions}.`,
      remedy: reindexRemedy,
    };
  const { stamp } = collection;
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
