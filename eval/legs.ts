import { Failure } from '../server/failure.ts';
import { embedPatiently, type Sleep } from '../server/book/embed-patiently.ts';
import { createPace } from '../server/book/pace.ts';
import { searchText } from '../server/chat/follow-up.ts';
import { chatSettings } from '../server/chat/settings.ts';
import { buildLexicon } from '../server/index/bm25.ts';
import type { Embedder, ScoredSection } from '../server/index/ports.ts';
import type { DataSet, EvalQuestion } from './data-set.ts';

/** What both legs found for one question, before they are fused: all that weights and thresholds work on. */
export type Findings = {
  question: EvalQuestion;
  lexical: ScoredSection[];
  coverage: number;
  dense: ScoredSection[] | null;
};

/** The server's own lexical leg, asked every question as the server would ask it. */
export function findLexically({ sections, questions }: DataSet): Findings[] {
  const lexicon = buildLexicon(sections);
  return questions.map((question) => {
    const { hits, coverage } = lexicon.search({ text: textOf(question), limit: chatSettings.legLimit });
    return { question, lexical: hits, coverage, dense: null };
  });
}

/** Adds a dense leg: cosine over all sections. Unit-length vectors are the embedder's promise. */
export async function addDense(request: {
  data: DataSet;
  findings: readonly Findings[];
  embedder: Embedder;
  sleep: Sleep;
  /** Told every pause that the vendor's quota makes. */
  note: (text: string) => void;
  signal: AbortSignal;
}): Promise<Findings[]> {
  const { data, findings } = request;
  const vectors = await sectionVectors(request);
  const found: Findings[] = [];
  for (const one of findings) {
    const asked = await queryVector({ ...request, text: textOf(one.question) });
    const dense = data.sections
      .map((section, at) => ({ section, score: cosine(asked, vectors[at] ?? []) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, chatSettings.legLimit);
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
  const pace = createPace({ now: Date.now });
  const vectors: number[][] = [];
  const size = 32;
  for (let at = 0; at < sections.length; at += size) {
    const batch = sections.slice(at, at + size);
    const left = sections.length - at;
    const work = embedPatiently({ sections: batch, left, embedder, pace, sleep, signal });
    let step = await work.next();
    for (; step.done !== true; step = await work.next()) note(step.value);
    if (step.value === null) throw new Error("The embedding model's quota for today is used up.");
    vectors.push(...step.value);
  }
  return vectors;
}

function textOf({ question, after }: EvalQuestion): string {
  return searchText({
    message: question,
    history: after === null ? [] : [{ role: 'user', text: after }],
  });
}

function cosine(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}
