import type { Embedder } from '../server/collection/ports.ts';

/**
 * The same model with a direction added that all texts share, so that unrelated ones have the cosine `floor`: some models
 * are like that. A cosine c becomes floor + (1 - floor) × c.
 */
export function raiseFloor(embedder: Embedder, floor: number): Embedder {
  const raise = (vector: readonly number[]): number[] => [
    Math.sqrt(floor),
    ...vector.map((value) => Math.sqrt(1 - floor) * value),
  ];
  return {
    model: `${embedder.model}, unrelated texts at ${floor}`,
    dimensions: embedder.dimensions + 1,
    embedQuery: async (request) => raise(await embedder.embedQuery(request)),
    embedDocuments: async (request) => (await embedder.embedDocuments(request)).map(raise),
  };
}
