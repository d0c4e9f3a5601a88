import { createRateLimiter } from '../indexer/sync/rate-limiter.ts';
import { embedWithRetry, type Sleep } from '../indexer/sync/retry.ts';
import { expandFollowUp } from '../server/chat/retrieval/follow-up.ts';
import { chatSettings } from '../server/chat/settings.ts';
import { buildBm25Index } from '../server/collection/bm25-index.ts';
import type { Embedder, ScoredSection } from '../server/collection/ports.ts';
import { runAtOnce } from '../server/collection/run-in-slices.ts';
import { ServerFailure } from '../server/failure.ts';
import type { DataSet, EvalQuestion } from './read-data-set.ts';

/** What both retrievers return for a question before fusion: the input of weights and thresholds. */
export type Candidates = {
  question: EvalQuestion;
  lexical: ScoredSection[];
  coverage: number;
  dense: ScoredSection[] | null;
};

/** Asks the server's lexical retriever every question, as the server would. */
export function lexicalCandidates({ sections, questions }: DataSet): Candidates[] {
  const index = runAtOnce(buildBm25Index(sections));
  return questions.map((question) => {
    const { hits, coverage } = index.search({
      text: searchTextOf(question),
      limit: chatSettings.candidateLimit,
    });
    return { question, lexical: hits, coverage, dense: null };
  });
}

/** Adds dense retrieval: the cosine with every section. The embedder returns vectors of unit length. */
export async function addDenseCandidates(request: {
  data: DataSet;
  candidates: readonly Candidates[];
  embedder: Embedder;
  sleep: Sleep;
  /** Called before each wait for a quota. */
  note: (text: string) => void;
  signal: AbortSignal;
}): Promise<Candidates[]> {
  const { data, candidates } = request;
  const vectors = await sectionVectors(request);
  const results: Candidates[] = [];
  for (const entry of candidates) {
    const query = await queryVector({ ...request, text: searchTextOf(entry.question) });
    const dense = data.sections
      .map((section, index) => ({ section, score: cosine(query, vectors[index] ?? []) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, chatSettings.candidateLimit);
    results.push({ ...entry, dense });
  }
  return results;
}

const maxQueryAttempts = 10;

/** A free key embeds a hundred texts a minute, fewer than there are sections and questions. */
async function queryVector(request: {
  text: string;
  embedder: Embedder;
  sleep: Sleep;
  note: (text: string) => void;
  signal: AbortSignal;
}): Promise<number[]> {
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
}: {
  data: DataSet;
  embedder: Embedder;
  sleep: Sleep;
  note: (text: string) => void;
  signal: AbortSignal;
}): Promise<number[][]> {
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

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
