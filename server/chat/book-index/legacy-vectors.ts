import type { Embedder, PassageReader } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';

const sampleCount = 3;
/** Cosine of a text with its own stored vector; the same model with another prefix stays above it. */
const minSelfSimilarity = 0.85;

/**
 * Whether this embedding model wrote a collection without a stamp: embeds a few of its texts again, and each must be
 * its own nearest neighbour. Throws the ports' ServerFailure.
 */
export async function isWrittenByModel({
  sections,
  embedder,
  store,
  signal,
}: {
  sections: readonly Section[];
  embedder: Pick<Embedder, 'embedDocuments'>;
  store: Pick<PassageReader, 'searchDense'>;
  signal: AbortSignal;
}): Promise<boolean> {
  const isSuitable = ({ content }: Section): boolean => content.length >= 40 && content.length <= 6_000;
  const samples = sampleEvenly(sections.filter(isSuitable));
  if (samples.length === 0) return false;
  // Without a title: the programs that write such collections embed the bare text.
  const documents = samples.map(({ content }) => ({ title: '', text: content }));
  const vectors = await embedder.embedDocuments({ documents, signal });
  const hits = await Promise.all(vectors.map((vector) => store.searchDense({ vector, limit: 1, signal })));
  return hits.every(
    ([nearest], index) =>
      nearest !== undefined &&
      nearest.score >= minSelfSimilarity &&
      nearest.section.content.trim() === samples[index]?.content.trim(),
  );
}

function sampleEvenly(sections: readonly Section[]): Section[] {
  const step = Math.max(1, Math.floor(sections.length / sampleCount));
  return sections.filter((_section, index) => index % step === 0).slice(0, sampleCount);
}
