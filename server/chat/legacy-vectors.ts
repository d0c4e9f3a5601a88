import type { Embedder, PassageStore } from '../index/ports.ts';
import type { Section } from '../index/section.ts';

const samples = 3;
/** Cosine of a text with its own stored vector; the same model with another prefix stays above it. */
const sameText = 0.85;

/**
 * Whether a collection that does not say so was written by this embedding model: a few of its texts are
 * embedded again and must find themselves first. Throws the ports' Failure.
 */
export async function isWrittenBy({
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
  const chosen = spreadOut(sections.filter(({ content }) => content.length >= 40 && content.length <= 6_000));
  if (chosen.length === 0) return false;
  // Without a title: what wrote such collections embedded the bare text.
  const documents = chosen.map(({ content }) => ({ title: '', text: content }));
  const vectors = await embedder.embedDocuments({ documents, signal });
  const found = await Promise.all(vectors.map((vector) => store.searchDense({ vector, limit: 1, signal })));
  return found.every(
    ([best], index) =>
      best !== undefined &&
      best.score >= sameText &&
      best.section.content.trim() === chosen[index]?.content.trim(),
  );
}

function spreadOut(sections: readonly Section[]): Section[] {
  const step = Math.max(1, Math.floor(sections.length / samples));
  return sections.filter((_section, index) => index % step === 0).slice(0, samples);
}
