/** A book of more sections is searched by bytes first, which take a quarter of the memory. */
export const quantisedAbove = 100_000;
/** What a cluster needs of a smaller book, any has. */
const worthSaying = 50_000;
/** Beside the vectors themselves, for their graph (qdrant.tech, capacity planning). */
const overhead = 1.5;
/** Bytes of Qdrant Cloud's free cluster. */
const freeMemory = 1024 ** 3;

/** Memory of the cluster for the vectors of a book, in bytes. */
export function vectorMemory({ sections, dimensions }: { sections: number; dimensions: number }): number {
  const bytesPerDimension = sections > quantisedAbove ? 1 : 4;
  return sections * dimensions * bytesPerDimension * overhead;
}

/**
 * `its cluster needs about 500 MB of memory`, for the plan; null for a book that any cluster holds. What it needs of the
 * disk depends on its texts.
 */
export function clusterNeed(book: { sections: number; dimensions: number }): string | null {
  if (book.sections <= worthSaying) return null;
  const bytes = vectorMemory(book);
  const [amount, unit] = bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  const need = `its cluster needs about ${Number(amount.toPrecision(2))} ${unit} of memory`;
  return bytes > freeMemory ? `${need}, more than a free one has (1 GB)` : need;
}
