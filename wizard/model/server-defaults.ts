import { defaults } from '../../server/contract.ts';

/** The models that a key is tried with first: what the server uses unless its variables name others. */
export const defaultModels = {
  answer: defaults.answerModel,
  embeddings: defaults.embeddingModels,
  dimensions: defaults.dimensions,
} as const;

/** Name of the collection, as the environment sets it or by default. */
export function configuredCollection(env: Readonly<Record<string, string | undefined>>): string {
  return env['QDRANT_COLLECTION']?.trim() || defaults.collection;
}
