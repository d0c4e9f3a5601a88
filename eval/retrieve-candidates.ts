import { learnCalibration } from '../indexer/sync/calibration/learn-calibration.ts';
import { createRateLimiter } from '../indexer/sync/rate-limiter.ts';
import { embedWithRetry, type Sleep } from '../indexer/sync/retry.ts';
import { expandFollowUp } from '../server/chat/retrieval/follow-up.ts';
import { rankByProximity } from '../server/chat/retrieval/rank-by-proximity.ts';
import { chatSettings } from '../server/chat/settings.ts';
import { buildBm25Index, type LexicalHits } from '../server/collection/bm25-index.ts';
import type { Embedder, ScoredSection } from '../server/collection/ports.ts';
import { runAtOnce } from '../server/collection/run-in-slices.ts';
import type { Calibration } from '../server/collection/stamp.ts';
import { ServerFailure } from '../server/failure.ts';
import { memoryStore, type MemoryStore } from './memory-store.ts';
import type { DataSet, EvalQuestion } from './data-set/data-set.ts';

/** What both retrievers return for a question before fusion: the input of weights and thresholds. */
export type Candidates = {
  question: EvalQuestion;
  /** Null without words. */
  lexical: LexicalHits | null;
  /** Null without vectors. */
  dense: ScoredSection[] | null;
};

/** Asks the server's lexical retriever every question, as the server would. */
export function lexicalCandidates({ sections, questions }: DataSet): Candidates[] {
  const index = runAtOnce(buildBm25Index(sections));
  const limit = chatSettings.candidates.lexical;
  return questions.map((question) => {
    const text = searchTextOf(question);
    const lexical = index.search({ text, limit });
    return { question, lexical: { ...lexical, hits: rankByProximity(text, lexical.hits) }, dense: null };
  });
}

export type DenseRequest = {
  data: DataSet;
  embedder: Embedder;
  sleep: Sleep;
  /** Called before each wait for a quota. */
  note: (text: string) => void;
  signal: AbortSignal;
};

/** Embeds the sections: the collection of the dense retriever. The embedder returns vectors of unit length. */
export async function openCollection(request: DenseRequest): Promise<MemoryStore> {
  return memoryStore(request.data.sections, await sectionVectors(request));
}

/** Adds dense retrieval: the cosine with every section. */
export async function addDenseCandidates({
  candidates,
  store,
  ...request
}: DenseRequest & { candidates: readonly Candidates[]; store: MemoryStore }): Promise<Candidates[]> {
  const { signal } = request;
  const results: Candidates[] = [];
  for (const entry of candidates) {
    const vector = await queryVector({ ...request, text: searchTextOf(entry.question) });
    const dense = await store.searchDense({ vector, limit: chatSettings.candidates.dense, signal });
    results.push({ ...entry, dense });
  }
  return results;
}

/** What the indexer would learn about this collection; null where the set is too small. */
export async function learnFor({
  data: { sections },
  store,
  note,
  ...request
}: DenseRequest & { store: MemoryStore }): Promise<Calibration | null> {
  const rateLimiter = createRateLimiter({ now: Date.now });
  const work = learnCalibration({ ...request, sections, store, rateLimiter });
  let step = await work.next();
  for (; step.done !== true; step = await work.next()) note(step.value);
  return step.value;
}

const maxQueryAttempts = 10;

/** A free key embeds a hundred texts a minute, fewer than there are sections and questions. */
async function queryVector(request: Omit<DenseRequest, 'data'> & { text: string }): Promise<number[]> {
  const { text, embedder, sleep, note, signal } = request;
  for (let attempt = 1; ; attempt++) {
    try {
      return await embedder.embedQuery({ text, signal });
    } catch (error) {
      const isTransient =
        error instanceof ServerFailure &&
        /^gemini-(?:quota-minute|unavailable|unreachable)$/.test(error.code);
      if (!isTransient || attempt === maxQueryAttempts) throw error;
      const pause = error.retryAfterMs ?? 15_000;
      note(`Gemini asks to wait ${Math.ceil(pause / 1000)} s`);
      await sleep(pause, { signal });
    }
  }
}

async function sectionVectors({
  data: { sections },
  embedder,
  sleep,
  note,
  signal,
}: DenseRequest): Promise<number[][]> {
  const rateLimiter = createRateLimiter({ now: Date.now });
  const vectors: number[][] = [];
  const size = 32;
  for (let start = 0; start < sections.length; start += size) {
    const batch = sections.slice(start, start + size);
    const remaining = sections.length - start;
    const work = embedWithRetry({ sections: batch, remaining, embedder, rateLimiter, sleep, signal });
    let step = await work.next();
    for (; step.done !== true; step = await work.next()) note(step.value);
    if (step.value === null) throw new Error("The embedding model's quota for today is used up.");
    vectors.push(...step.value);
  }
  return vectors;
}

function searchTextOf({ question, after }: EvalQuestion): string {
  return expandFollowUp({
    message: question,
    history: after === null ? [] : [{ role: 'user', text: after }],
  });
}
