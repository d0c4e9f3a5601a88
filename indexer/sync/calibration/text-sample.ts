/** So many hashes estimate a share to about six hundredths. */
const size = 64;
const digits = 8;

/** The smallest hashes of a book's sections: another book with the same texts has the same ones (a MinHash sketch). */
export function textSample(hashes: Iterable<string>): string[] {
  return [...new Set(hashes)]
    .toSorted()
    .slice(0, size)
    .map((hash) => hash.slice(0, digits));
}

/** Estimates from two samples how many of both books' different texts are in both, from 0 to 1 (Jaccard's index). */
export function likenessOf(a: readonly string[], b: readonly string[]): number {
  const [inA, inB] = [new Set(a), new Set(b)];
  const smallest = [...new Set([...a, ...b])].toSorted().slice(0, size);
  return smallest.filter((hash) => inA.has(hash) && inB.has(hash)).length / Math.max(1, smallest.length);
}
