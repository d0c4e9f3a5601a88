import { buildBm25Index, standardDeviation, type Bm25Index } from '../../../server/collection/bm25-index.ts';
import type { Embedder, PassageStore } from '../../../server/collection/ports.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import type { Section } from '../../../server/collection/section.ts';
import type { Calibration } from '../../../server/collection/stamp.ts';
import type { Sequence } from '../../compressed-list.ts';
import type { RateLimiter } from '../rate-limiter.ts';
import { withEmbeddingRetry, type Sleep } from '../retry.ts';
import { calibrateScores, type QuestionScores } from './calibrate-scores.ts';
import { offTopicQuestions } from './off-topic-questions/off-topic-questions.ts';
import { heldBackSentences } from './held-back-sentences.ts';

/** The `questions` of a calibration from the built-in questions. */
export const builtInQuestions = 'built-in';

type UnhashedSection = Omit<Section, 'hash'>;

export type CalibrationRequest = {
  sections: Sequence<UnhashedSection>;
  embedder: Pick<Embedder, 'embedQuery' | 'embedQueries'>;
  store: Pick<PassageStore, 'searchDense' | 'vectorsById'>;
  rateLimiter: RateLimiter;
  sleep: Sleep;
  signal: AbortSignal;
};

const sentenceCount = 40;
/** A smaller book has too few sentences to learn from. */
const fewestSentences = 8;
/** Of a larger book, the words of evenly spread sections are looked at: its index would take the memory of the book. */
const mostIndexed = 5_000;
const mostVectors = 100;
const hitsPerSentence = 10;
const searchesAtOnce = 8;

/**
 * Asks the collection off-topic questions and sentences of the book and learns from the scores how the server has to read
 * them. Costs one embedding call of at most 90 texts and as many searches. Yields a sentence before each wait; null when
 * the book is too small or the quota of the day is used up.
 */
export async function* learnCalibration(
  request: CalibrationRequest,
): AsyncGenerator<string, Calibration | null> {
  const { sections, store, signal } = request;
  const heldBack = heldBackSentences(sections, sentenceCount);
  if (heldBack.length < fewestSentences || store.vectorsById === undefined) return null;
  const offTopic = offTopicQuestions(heldBack[0]?.section.locale ?? '');
  const texts = [...offTopic, ...heldBack.map(({ sentence }) => sentence)];
  const vectors = yield* embedQuestions(texts, request);
  if (vectors === null) return null;
  const words = indexWithout(sections, new Set(heldBack.map(({ section }) => section.id)));
  const allWords = indexWithout(sections, new Set());
  const offTopicScores: QuestionScores[] = [];
  const ownScores: QuestionScores[] = [];
  const ownRanks: (number | null)[] = [];
  let agreements = 0;
  for (let at = 0; at < texts.length; at += searchesAtOnce) {
    const group = texts.slice(at, at + searchesAtOnce);
    const searches = await Promise.all(
      group.map((_, offset) => {
        const limit = at + offset < offTopic.length ? 1 : hitsPerSentence;
        return store.searchDense({ vector: vectors[at + offset] ?? [], limit, signal });
      }),
    );
    for (const [offset, hits] of searches.entries()) {
      const own = heldBack[at + offset - offTopic.length]?.section;
      const { coverage } = words.search({ text: group[offset] ?? '', limit: 1 });
      const others = hits.filter(({ section }) => section.id !== own?.id);
      const scores = { coverage, cosine: others[0]?.score ?? 0 };
      if (own === undefined) offTopicScores.push(scores);
      else {
        const rank = hits.findIndex(({ section }) => section.id === own.id);
        ownRanks.push(rank < 0 ? null : rank + 1);
        ownScores.push(scores);
        const matches = allWords.search({ text: group[offset] ?? '', limit: 2 }).hits;
        const best = matches.find(({ section }) => section.id !== own.id);
        if (best !== undefined && best.section.id === others[0]?.section.id) agreements += 1;
      }
    }
  }
  const cosineDeviation = await measureDeviation(vectors, { ...request, store });
  const learnt = calibrateScores({
    offTopic: offTopicScores,
    heldBack: ownScores,
    ownRanks,
    agreement: agreements / heldBack.length,
    cosineDeviation,
  });
  return { questions: builtInQuestions, sections: sections.length, ...learnt };
}

async function* embedQuestions(
  texts: readonly string[],
  { embedder, rateLimiter, sleep, signal }: CalibrationRequest,
): AsyncGenerator<string, number[][] | null> {
  const embed = async (): Promise<number[][]> => {
    if (embedder.embedQueries !== undefined) return embedder.embedQueries({ texts, signal });
    const vectors: number[][] = [];
    for (const text of texts) vectors.push(await embedder.embedQuery({ text, signal }));
    return vectors;
  };
  const amount = { texts: texts.length, remaining: texts.length };
  return yield* withEmbeddingRetry({ ...amount, embed, rateLimiter, sleep, signal });
}

/** The book's words without the sections whose sentences are asked. */
function indexWithout(sections: Sequence<UnhashedSection>, ids: ReadonlySet<string>): Bm25Index {
  const step = Math.max(1, Math.ceil(sections.length / mostIndexed));
  const indexed: Section[] = [];
  let at = 0;
  for (const section of sections) {
    if (at % step === 0 && !ids.has(section.id)) indexed.push({ ...section, hash: '' });
    at += 1;
  }
  return runAtOnce(buildBm25Index(indexed));
}

/** How far the cosines of a question with all sections spread, over these questions and evenly spread sections. */
async function measureDeviation(
  questions: readonly number[][],
  { sections, store, signal }: CalibrationRequest,
): Promise<number> {
  const step = Math.max(1, Math.floor(sections.length / mostVectors));
  const ids = Array.from({ length: Math.min(mostVectors, sections.length) }, (_, index) => {
    return sections.at(index * step)?.id;
  }).filter((id): id is string => id !== undefined);
  const vectors = (await store.vectorsById?.({ ids, signal })) ?? [];
  const deviations = questions.map((question) => {
    const cosines = vectors.map((vector) => cosine(question, vector));
    return standardDeviation({
      sum: cosines.reduce((sum, value) => sum + value, 0),
      squares: cosines.reduce((sum, value) => sum + value * value, 0),
      count: cosines.length,
    });
  });
  return deviations.reduce((sum, value) => sum + value, 0) / Math.max(1, deviations.length);
}

/** Of unit vectors. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let product = 0;
  for (let index = 0; index < a.length; index++) product += (a[index] ?? 0) * (b[index] ?? 0);
  return product;
}
