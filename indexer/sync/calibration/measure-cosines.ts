import { buildBm25Index, standardDeviation } from '../../../server/collection/bm25-index.ts';
import type { PassageStore } from '../../../server/collection/ports.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import type { Section } from '../../../server/collection/section.ts';
import type { Sequence } from '../../compressed-list.ts';
import type { CalibrationScores } from './calibrate-scores.ts';
import type { HeldBackSentence } from './held-back-sentences.ts';

type UnhashedSection = Omit<Section, 'hash'>;

/** More vectors hardly change the figures. */
const mostVectors = 100;

type CosineQuestions = {
  vectors: readonly number[][];
  sentences: readonly (HeldBackSentence<UnhashedSection> & { vector: readonly number[] })[];
  sections: Sequence<UnhashedSection>;
};

/** How far a question's cosines with evenly spread sections spread, and how much they are like the scores of its words. */
export async function measureCosines(
  { vectors, sentences, sections }: CosineQuestions,
  { store, signal }: { store: Pick<PassageStore, 'vectorsById'>; signal: AbortSignal },
): Promise<Pick<CalibrationScores, 'cosineDeviation' | 'agreement'>> {
  const count = Math.min(mostVectors, sections.length);
  const step = Math.max(1, Math.floor(sections.length / mostVectors));
  const sample = Array.from({ length: count }, (_, index) => sections.at(index * step)).flatMap((section) =>
    section === undefined ? [] : [{ ...section, hash: '' }],
  );
  const stored = (await store.vectorsById?.({ ids: sample.map(({ id }) => id), signal })) ?? [];
  const words = runAtOnce(buildBm25Index(sample));
  const correlations = sentences.map(({ sentence, vector, section }) => {
    const hits = words.search({ text: sentence, limit: count }).hits;
    const scores = new Map(hits.map((hit) => [hit.section.id, hit.score]));
    const others = stored.filter(({ id }) => id !== section.id);
    return correlation(
      others.map((other) => cosine(vector, other.vector)),
      others.map(({ id }) => scores.get(id) ?? 0),
    );
  });
  const deviations = vectors.map((vector) => deviation(stored.map((entry) => cosine(vector, entry.vector))));
  return { cosineDeviation: mean(deviations), agreement: mean(correlations) };
}

/** Pearson's; 0 where one side does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, index) => (value - meanA) * ((b[index] ?? 0) - meanB)));
  const spread = deviation(a) * deviation(b);
  return spread === 0 ? 0 : covariance / spread;
}

function deviation(values: readonly number[]): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  return standardDeviation({ sum: mean(values) * values.length, squares, count: values.length });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Of unit vectors. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let product = 0;
  for (let index = 0; index < a.length; index++) product += (a[index] ?? 0) * (b[index] ?? 0);
  return product;
}
