import { ServerFailure } from '../../failure.ts';
import { writeSucceeded, type QdrantRest } from './qdrant-rest.ts';

/** Keeps a byte for each dimension in memory, and the vectors themselves on disk (qdrant.tech, quantization). */
const quantisation = { scalar: { type: 'int8', quantile: 0.99, always_ram: true } };

/** Bytes alone lose hits: twice as many are found by them, and ordered by their vectors. */
export const quantisedSearch = { params: { quantization: { rescore: true, oversampling: 2 } } };

/** Quantises the collection's vectors of this name. A key for its points alone may not, and nothing is lost. Throws a ServerFailure. */
export async function quantise({
  rest,
  vectorName,
  signal,
}: {
  rest: QdrantRest;
  vectorName: string;
  signal: AbortSignal;
}): Promise<void> {
  // Without `on_disk`, the vectors stay in memory beside their bytes.
  const body = { vectors: { [vectorName]: { on_disk: true } }, quantization_config: quantisation };
  await rest({ path: '', method: 'PATCH', body, schema: writeSucceeded, signal }).catch((error: unknown) => {
    if (!(error instanceof ServerFailure) || error.code !== 'qdrant-unauthorized') throw error;
  });
}
