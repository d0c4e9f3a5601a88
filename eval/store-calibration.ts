import { createQdrantStore } from '../server/adapters/qdrant/qdrant-store.ts';
import type { Calibration } from '../server/collection/stamp.ts';
import { defaults } from '../server/contract.ts';
import type { DataSet } from './data-set/data-set.ts';
import type { RankingSettings } from './score.ts';

type CalibrationToStore = { data: DataSet; settings: RankingSettings; hasVectors: boolean };

/**
 * Writes the calibration into the collection's stamp, where the server reads it, and returns a sentence about it. What
 * depends on the model is written only with the server's; without it, what was learnt about the vectors stays.
 */
export async function storeCalibration(
  request: CalibrationToStore & {
    environment: { [name: string]: string | undefined };
    signal: AbortSignal;
  },
): Promise<string> {
  const { environment, signal } = request;
  const url = environment['QDRANT_URL'];
  if (url === undefined)
    return `Found: ${JSON.stringify(calibrationOf(request, null))}\nNot written: set QDRANT_URL, QDRANT_API_KEY and QDRANT_COLLECTION.`;
  const collection = environment['QDRANT_COLLECTION'] ?? defaults.collection;
  const store = createQdrantStore({ url, apiKey: environment['QDRANT_API_KEY'] ?? null, collection });
  const state = await store.describe({ signal });
  if (!state.exists || state.stamp === null)
    throw new Error(`The collection ${collection} has no stamp; index the book first.`);
  const calibration = calibrationOf(request, state.stamp.calibration ?? null);
  await store.writeStamp({ stamp: { ...state.stamp, calibration }, signal });
  return `Written to ${collection}: ${JSON.stringify(calibration)}`;
}

function calibrationOf(
  { data, settings: { fusion, relevance }, hasVectors }: CalibrationToStore,
  before: Calibration | null,
): Calibration {
  const { both, coverageAlone, cosineAlone } = relevance;
  const { cosineDeviation } = fusion;
  const vectors =
    hasVectors && both.type === 'sum' && cosineDeviation !== null
      ? {
          coverage_weight: both.coverageWeight,
          threshold: both.threshold,
          cosine_alone: cosineAlone,
          cosine_deviation: cosineDeviation,
          dense_weight: fusion.denseWeight,
        }
      : before?.vectors;
  const base = { questions: data.name, sections: data.sections.length, coverage_alone: coverageAlone };
  return vectors === undefined ? base : { ...base, vectors };
}
