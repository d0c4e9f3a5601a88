import { textFormat } from '../../server/collection/embedding.ts';
import type { Embedder, PassageReader, SparseVector } from '../../server/collection/ports.ts';
import type { Section } from '../../server/collection/section.ts';
import { sparseVector } from '../../server/collection/sparse-vector.ts';
import { chunkerVersion, type Calibration, type Stamp } from '../../server/collection/stamp.ts';
import type { MemoryStore } from '../memory-store.ts';

/** A collection in memory, as the server reads it: the stamp that indexing would have written, and both searches. */
export function passageReader({
  sections,
  store,
  embedder,
  calibration,
}: {
  sections: readonly Section[];
  store: Pick<MemoryStore, 'searchDense'>;
  embedder: Pick<Embedder, 'model' | 'dimensions'>;
  calibration: Calibration | null;
}): PassageReader {
  const stamp: Stamp = {
    kind: 'stamp',
    book: '',
    embedding_model: embedder.model,
    dimensions: embedder.dimensions,
    text_format: textFormat(embedder.model),
    chunker: chunkerVersion,
    sections: sections.length,
    without_vector: 0,
    digest: 'eval',
    written_at: '2025-01-01T00:00:00.000Z',
    ...(calibration === null ? {} : { calibration }),
  };
  const sparse = sparseSearch(sections);
  return {
    collection: 'eval',
    describe: async () => ({
      exists: true,
      points: sections.length + 1,
      dimensions: embedder.dimensions,
      vectorName: 'dense',
      hasSparse: true,
      stamp,
    }),
    async *sections() {
      yield* sections;
    },
    sectionsById: async ({ ids }) => sections.filter(({ id }) => ids.includes(id)),
    searchDense: ({ vector, limit, signal }) => store.searchDense({ vector, limit, signal }),
    searchSparse: async ({ vector, limit }) => sparse(vector, limit),
  };
}

/** The dot product with each section's sparse vector, weighted by IDF as Qdrant does it (modifier `idf`). */
function sparseSearch(sections: readonly Section[]) {
  const weights = sections.map((section) => {
    const { indices, values } = sparseVector(section);
    return new Map(indices.map((index, at) => [index, values[at] ?? 0]));
  });
  const idfOf = (index: number): number => {
    const count = weights.filter((entry) => entry.has(index)).length;
    return Math.log(1 + (sections.length - count + 0.5) / (count + 0.5));
  };
  return ({ indices, values }: SparseVector, limit: number) => {
    const query = indices.map((index, at) => ({ index, weight: (values[at] ?? 0) * idfOf(index) }));
    return sections
      .map((section, at) => ({
        section,
        score: query.reduce((sum, { index, weight }) => sum + weight * (weights[at]?.get(index) ?? 0), 0),
      }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, limit);
  };
}
