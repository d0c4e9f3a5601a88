import { createQdrantStore } from '../server/adapters/qdrant/qdrant-store.ts';
import type { Calibration } from '../server/collection/stamp.ts';
import { defaults } from '../server/contract.ts';
import type { DataSet } from './read-data-set.ts';
import type { Candidates } from './retrieve-candidates.ts';
import { score, type RankingSettings } from './score.ts';

/**
 * Writes the calibration into the collection's stamp, where the server reads it, and returns a sentence about it.
 * Weights and the cosine threshold depend on the model: without the server's only the lexical threshold is written.
 */
export async function storeCalibration(request: {
  data: DataSet;
  candidates: readonly Candidates[];
  settings: RankingSettings;
  hasVectors: boolean;
  environment: { [name: string]: string | undefined };
  signal: AbortSignal;
}): Promise<string> {
  const { environment, signal } = request;
  const calibration = calibrationOf(request);
  const url = environment['QDRANT_URL'];
  if (url === undefined)
    return `Found: ${JSON.stringify(calibration)}\nNot written: set QDRANT_URL, QDRANT_API_KEY and QDRANT_COLLECTION.`;
  const collection = environment['QDRANT_COLLECTION'] ?? defaults.collection;
  const store = createQdrantStore({ url, apiKey: environment['QDRANT_API_KEY'] ?? null, collection });
  const state = await store.describe({ signal });
  if (!state.exists || state.stamp === null)
    throw new Error(`The collection ${collection} has no stamp; index the book first.`);
  await store.writeStamp({ stamp: { ...state.stamp, tuning: calibration }, signal });
  return `Written to ${collection}: ${JSON.stringify(calibration)}`;
}

function calibrationOf({
  data,
  candidates,
  settings,
  hasVectors,
}: {
  data: DataSet;
  candidates: readonly Candidates[];
  settings: RankingSettings;
  hasVectors: boolean;
}): Calibration {
  const { coverage, cosine } = settings.refusal;
  const { falseRefusals } = score(
    candidates.filter(({ question }) => question.half === 'held-out'),
    settings,
  );
  return {
    questions: data.name,
    false_refusals: Math.round(falseRefusals * 1000) / 1000,
    coverage,
    ...(hasVectors ? { cosine, weights: settings.weights } : {}),
  };
}
