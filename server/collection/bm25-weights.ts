/** BM25's constants, the same for the index in memory and for Qdrant's sparse vectors. Lengths are in terms. */
export const bm25Constants = {
  k1: 1.2,
  b: 0.75,
  headingWeight: 2.5,
  headingB: 0.4,
  averageLength: 120,
  averageHeadingLength: 6,
} as const;

/** How much longer than average a text is, damped by `b`. */
export function lengthNorm(length: number, average: number, b: number): number {
  return 1 - b + (b * length) / average;
}

/** A term's weight by its normalised frequency: repeats count for less and less. */
export function saturate(frequency: number): number {
  return (frequency * (bm25Constants.k1 + 1)) / (frequency + bm25Constants.k1);
}

/** The number of terms, repeats included. */
export function sumCounts(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
