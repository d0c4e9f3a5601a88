import { tokenise } from '../../server/collection/tokenise.ts';

/** A text to be grouped; the vector has length 1. */
export type QuestionText = { text: string; vector: Float32Array | null };

/**
 * How far two questions have to be above the average of all, as a share of the way to equality, to ask for the same.
 * Of words it is less: two people share few.
 */
const sameShare = { vectors: 0.4, words: 0.22 };
/** What unrelated texts have, as far as a few questions do not show it; it counts like so many pairs. */
const usual = { vectors: 0.4, words: 0.02, pairs: 50 };

/**
 * A matrix of how much questions are alike, row by row: 1 is where two of them ask for the same. Compared by their vectors,
 * and by their words where one has none. What all questions of a book have in common counts for nothing: some models put
 * unrelated texts at 0.5, others at 0.
 */
export function similarities(questions: readonly QuestionText[]): Float32Array {
  const words = termVectors(questions.map(({ text }) => text));
  const byVectors = matrixOf(questions, (a, b) => {
    const [first, second] = [questions[a]?.vector ?? null, questions[b]?.vector ?? null];
    return first === null || second === null ? Number.NaN : dot(first, second);
  });
  const byWords = matrixOf(questions, (a, b) => sparseDot(words[a], words[b]));
  const vectorScale = scaleOf(byVectors, questions.length, 'vectors');
  const wordScale = scaleOf(byWords, questions.length, 'words');
  return byVectors.map((value, at) =>
    Number.isNaN(value) ? wordScale(byWords[at] ?? 0) : vectorScale(value),
  );
}

function matrixOf(items: readonly unknown[], compare: (a: number, b: number) => number): Float32Array {
  const size = items.length;
  const matrix = new Float32Array(size * size);
  for (let a = 0; a < size; a += 1)
    for (let b = 0; b <= a; b += 1) {
      const value = a === b ? 1 : compare(a, b);
      matrix[a * size + b] = value;
      matrix[b * size + a] = value;
    }
  return matrix;
}

/** Maps the average of the pairs to 0, and what is far enough from it to ask for the same to 1. */
function scaleOf(matrix: Float32Array, size: number, kind: 'vectors' | 'words'): (value: number) => number {
  let sum = usual[kind] * usual.pairs;
  let count = usual.pairs;
  for (let a = 0; a < size; a += 1)
    for (let b = 0; b < a; b += 1) {
      const value = matrix[a * size + b] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
  const average = Math.min(0.95, Math.max(0, sum / count));
  return (value) => (value - average) / ((1 - average) * sameShare[kind]);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

type TermVector = ReadonlyMap<string, number>;

/** Rare terms weigh more; each vector has length 1. */
function termVectors(texts: readonly string[]): TermVector[] {
  const terms = texts.map((text) => new Set(tokenise(text)));
  const frequencies = new Map<string, number>();
  for (const set of terms) for (const term of set) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  return terms.map((set) => {
    const weights = [...set].map(
      (term) => [term, Math.log(1 + texts.length / (frequencies.get(term) ?? 1))] as const,
    );
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    return new Map(weights.map(([term, weight]) => [term, weight / length]));
  });
}

function sparseDot(a: TermVector = new Map(), b: TermVector = new Map()): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0);
  return sum;
}
