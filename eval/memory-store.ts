import type { PassageStore } from '../server/collection/ports.ts';
import type { Section } from '../server/collection/section.ts';

export type MemoryStore = Required<Pick<PassageStore, 'searchDense' | 'vectorsById'>>;

/** Searches vectors of unit length by looking at each, where the server asks Qdrant. */
export function memoryStore(sections: readonly Section[], vectors: readonly number[][]): MemoryStore {
  const numbers = new Map(sections.map(({ id }, index) => [id, index]));
  return {
    searchDense: async ({ vector, limit }) =>
      sections
        .map((section, index) => ({ section, score: cosine(vector, vectors[index] ?? []) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, limit),
    vectorsById: async ({ ids }) => ids.map((id) => ({ id, vector: vectors[numbers.get(id) ?? -1] ?? [] })),
  };
}

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
