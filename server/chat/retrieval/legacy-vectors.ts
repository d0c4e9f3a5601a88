import type { Embedder, PassageStore } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';

const sampleCount = 3;
/** Cosine of a text with its own stored vector; the same model with another prefix stays above it. */
const minSelfSimilarity = 0.85;

/**
 * Whether a collection that does not say so was written by this embedding model: a few of its texts are
 * embedded again and must find themselves first. Throws the ports' Failure.
 */
export async function isWrittenByModel({
  sections,
  embedder,
  store,
  signal,
}: {
  sections: readonly Section[];
  embedder: Pick<Embedder, 'embedDocuments'>;
  store: Pick<PassageStore, 'searchDense'>;
  signal: AbortSignal;
}): Promise<boolean> {
  const chosen = sampleEvenly(
    sections.filter(({ content }) => content.length >= 40 && content.length <= 6_000),
  );
  if (chosen.length === 0) return false;
  // Without a title: what wrote such collections embedded the bare text.
  const documents = chosen.map(({ content }) => ({ title: '', text: content }));
  const vectors = await embedder.embedDocuments({ documents, signal });
  const found = await Promise.all(vectors.map((vector) => store.searchDense({ vector, limit: 1, signal })));
  return found.every(
    ([best], index) =>
      best !== undefined &&
      best.score >= minSelfSimilarity &&
      best.section.content.trim() === chosen[index]?.content.trim(),
  );
}

function sampleEvenly(sections: readonly Section[]): Section[] {
  const step = Math.max(1, Math.floor(sections.length / sampleCount));
  return sections.filter((_section, index) => index % step === 0).slice(0, sampleCount);
}
