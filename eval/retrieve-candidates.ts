import { Failure } from '../server/failure.ts';
import { embedWithRetry, type Sleep } from '../indexer/sync/retry.ts';
import { createRateLimiter } from '../indexer/sync/rate-limiter.ts';
import { expandFollowUp } from '../server/chat/retrieval/follow-up.ts';
import { chatSettings } from '../server/chat/settings.ts';
import { buildBm25Index } from '../server/collection/bm25-index.ts';
import type { Embedder, ScoredSection } from '../server/collection/ports.ts';
import type { DataSet, EvalQuestion } from './read-data-set.ts';

/** What both legs found for one question, before they are fused: all that weights and thresholds work on. */
export type Candidates = {
  question: EvalQuestion;
  lexical: ScoredSection[];
  coverage: number;
  dense: ScoredSection[] | null;
};

/** The server's own lexical leg, asked every question as the server would ask it. */
export function lexicalCandidates({ sections, questions }: DataSet): Candidates[] {
  const lexicon = buildBm25Index(sections);
  return questions.map((question) => {
    const { hits, coverage } = lexicon.search({
      text: searchTextOf(question),
      limit: chatSettings.candidateLimit,
    });
    return { question, lexical: hits, coverage, dense: null };
  });
}

/** Adds a dense leg: cosine over all sections. Unit-length vectors are the embedder's promise. */
export async function addDenseCandidates(request: {
  data: DataSet;
  findings: readonly Candidates[];
  embedder: Embedder;
  sleep: Sleep;
  /** Told every pause that the vendor's quota makes. */
  note: (text: string) => void;
  signal: AbortSignal;
}): Promise<Candidates[]> {
  const { data, findings } = request;
  const vectors = await sectionVectors(request);
  const found: Candidates[] = [];
  for (const one of findings) {
    const asked = await queryVector({ ...request, text: searchTextOf(one.question) });
    const dense = data.sections
      .map((section, at) => ({ section, score: cosine(asked, vectors[at] ?? []) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, chatSettings.candidateLimit);
    found.push({ ...one, dense });
  }
  return found;
}

const queryTries = 10;

/** A free key embeds a hundred texts a minute, and there are more sections and questions than that. */
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
      const isPassing =
        error instanceof Failure && /^gemini-(?:quota-minute|unavailable|unreachable)$/.test(error.code);
      if (!isPassing || attempt === queryTries) throw error;
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
  for (let at = 0; at < sections.length; at += size) {
    const batch = sections.slice(at, at + size);
    const remaining = sections.length - at;
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

function cosine(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}
