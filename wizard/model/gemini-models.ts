import { defaults } from '../../server/contract.ts';

/** What the server uses unless told otherwise: the models that a key is tried with first. */
export const defaultModels = {
  answer: defaults.answerModel,
  embeddings: defaults.embeddingModels,
  dimensions: defaults.dimensions,
} as const;
