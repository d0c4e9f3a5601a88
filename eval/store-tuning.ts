import { createQdrantStore } from '../server/adapters/qdrant.ts';
import { defaults } from '../server/contract.ts';
import type { Tuning } from '../server/index/stamp.ts';
import type { DataSet } from './data-set.ts';
import type { Findings } from './legs.ts';
import { score, type Tuned } from './score.ts';

/**
 * Writes what was found into the collection's stamp, where the server reads it; says what was done. Weights and
 * a cosine belong to one model's vectors: without that model only the lexical threshold is written.
 */
export async function storeTuning(request: {
  data: DataSet;
  findings: readonly Findings[];
  tuned: Tuned;
  hasVectors: boolean;
  environment: { [name: string]: string | undefined };
  signal: AbortSignal;
}): Promise<string> {
  const { environment, signal } = request;
  const tuning = tuningOf(request);
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

function tuningOf({
  data,
  findings,
  tuned,
  hasVectors,
}: {
  data: DataSet;
  findings: readonly Findings[];
  tuned: Tuned;
  hasVectors: boolean;
}): Tuning {
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
