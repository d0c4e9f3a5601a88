import { createQdrantStore } from '../server/adapters/qdrant/qdrant-store.ts';
import { defaults } from '../server/contract.ts';
import type { Calibration } from '../server/collection/stamp.ts';
import type { DataSet } from './read-data-set.ts';
import type { Candidates } from './retrieve-candidates.ts';
import { score, type RankingSettings } from './score.ts';

/**
 * Writes what was found into the collection's stamp, where the server reads it; says what was done. Weights and
 * a cosine belong to one model's vectors: without that model only the lexical threshold is written.
 */
export async function storeCalibration(request: {
  data: DataSet;
  findings: readonly Candidates[];
  tuned: RankingSettings;
  hasVectors: boolean;
  environment: { [name: string]: string | undefined };
  signal: AbortSignal;
}): Promise<string> {
  const { environment, signal } = request;
  const tuning = calibrationOf(request);
  const url = environment['QDRANT_URL'];
  if (url === undefined)
    return `Found: ${JSON.stringify(tuning)}\nNot written: set QDRANT_URL, QDRANT_API_KEY and QDRANT_COLLECTION.`;
  const collection = environment['QDRANT_COLLECTION'] ?? defaults.collection;
  const store = createQdrantStore({ url, apiKey: environment['QDRANT_API_KEY'] ?? null, collection });
  const state = await store.describe({ signal });
  if (!state.exists || state.stamp === null)
    throw new Error(`The collection ${collection} has no stamp; index the book first.`);
  await store.writeStamp({ stamp: { ...state.stamp, tuning }, signal });
  return `Written to ${collection}: ${JSON.stringify(tuning)}`;
}

function calibrationOf({
  data,
  findings,
  tuned,
  hasVectors,
}: {
  data: DataSet;
  findings: readonly Candidates[];
  tuned: RankingSettings;
  hasVectors: boolean;
}): Calibration {
  const { coverage, cosine } = tuned.refusal;
  const judged = score(
    findings.filter(({ question }) => question.half === 'held-out'),
    tuned,
  );
  return {
    questions: data.name,
    false_refusals: Math.round(judged.falseRefusals * 1000) / 1000,
    coverage,
    ...(hasVectors ? { cosine, weights: tuned.weights } : {}),
  };
}
