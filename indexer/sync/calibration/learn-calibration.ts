import { buildBm25Index, type SectionFilter } from '../../../server/collection/bm25-index.ts';
import type {
  EditionFilter,
  Embedder,
  PassageStore,
  ScoredSection,
} from '../../../server/collection/ports.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import type { Section } from '../../../server/collection/section.ts';
import type { Calibration } from '../../../server/collection/stamp.ts';
import type { Sequence } from '../../compressed-list.ts';
import type { RateLimiter } from '../rate-limiter.ts';
import { withEmbeddingRetry, type Sleep } from '../retry.ts';
import { calibrateScores, type QuestionScores } from './calibrate-scores.ts';
import { measureCosines } from './measure-cosines.ts';
import { offTopicQuestions } from './off-topic-questions/off-topic-questions.ts';
import { headingQuestions } from './heading-questions.ts';
import { heldBackSentences } from './held-back-sentences.ts';

/** The `questions` of a calibration from the built-in questions. */
export const builtInQuestions = 'built-in';

type UnhashedSection = Omit<Section, 'hash'>;

export type CalibrationRequest = {
  sections: Sequence<UnhashedSection>;
  /** What the collection is searched for, where it has more than these sections. */
  within?: EditionFilter | undefined;
  embedder: Pick<Embedder, 'embedQuery' | 'embedQueries'>;
  store: Pick<PassageStore, 'searchDense' | 'vectorsById'>;
  rateLimiter: RateLimiter;
  sleep: Sleep;
  signal: AbortSignal;
};

/** With the off-topic questions, no more texts than one embedding call takes. */
const sentenceCount = 32;
const headingCount = 24;
/** A smaller book has too few sentences to learn from. */
const fewestSentences = 8;
/** Of a larger book, evenly spread sections are looked at: its index would take the memory of the book. */
const mostRead = 5_000;
const hitsPerText = 10;
const searchesAtOnce = 8;

/**
 * Asks the collection off-topic questions and sentences of the book and learns from the scores how the server has to read
 * them. Costs one embedding call of at most 100 texts and as many searches. Yields a sentence before each wait; null when
 * the book is too small or the quota of the day is used up.
 */
export async function* learnCalibration(
  request: CalibrationRequest,
): AsyncGenerator<string, Calibration | null> {
  const { store, within, signal } = request;
  const sections = evenlySpread(request.sections);
  const heldBack = heldBackSentences(sections, sentenceCount);
  if (heldBack.length < fewestSentences || store.vectorsById === undefined) return null;
  const offTopic = offTopicQuestions(heldBack[0]?.section.locale ?? '');
  const headings = headingQuestions(sections, headingCount);
  const texts = [...offTopic, ...heldBack.map(({ sentence }) => sentence), ...headings];
  const vectors = yield* embedQuestions(texts, request);
  if (vectors === null) return null;
  const hits = await searchAll(vectors, { store, within, signal });
  const words = runAtOnce(buildBm25Index(sections));
  const ids = new Set(heldBack.map(({ section }) => section.id));
  const others: SectionFilter = { accepts: ({ id }) => !ids.has(id), size: words.size };
  const scoresAt = (at: number, among?: SectionFilter, own?: Section['id']): QuestionScores => ({
    coverage: words.search({ text: texts[at] ?? '', limit: 1, within: among }).coverage,
    cosine: hits[at]?.find(({ section }) => section.id !== own)?.score ?? 0,
  });
  const sentenceAt = (index: number): number => offTopic.length + index;
  const headingAt = (index: number): number => offTopic.length + heldBack.length + index;
  const ownRanks = heldBack.map(({ section }, index) => {
    const rank = hits[sentenceAt(index)]?.findIndex((hit) => hit.section.id === section.id) ?? -1;
    return rank < 0 ? null : rank + 1;
  });
  const sentences = heldBack.map((entry, index) => ({ ...entry, vector: vectors[sentenceAt(index)] ?? [] }));
  const learnt = calibrateScores({
    offTopic: offTopic.map((_, index) => scoresAt(index, others)),
    heldBack: heldBack.map(({ section }, index) => scoresAt(sentenceAt(index), others, section.id)),
    headings: headings.map((_, index) => scoresAt(headingAt(index))),
    ownRanks,
    ...(await measureCosines({ vectors, sentences, sections }, { store, signal })),
  });
  return { questions: builtInQuestions, sections: request.sections.length, ...learnt };
}

/** The best sections for each vector, a few searches at a time. */
async function searchAll(
  vectors: readonly number[][],
  { store, within, signal }: Pick<CalibrationRequest, 'store' | 'within' | 'signal'>,
): Promise<ScoredSection[][]> {
  const results: ScoredSection[][] = [];
  for (let at = 0; at < vectors.length; at += searchesAtOnce) {
    const group = vectors.slice(at, at + searchesAtOnce);
    const search = (vector: number[]) => store.searchDense({ vector, limit: hitsPerText, within, signal });
    results.push(...(await Promise.all(group.map(search))));
  }
  return results;
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

/** A book's sections are unpacked one after the other, so they are read once. */
function evenlySpread(sections: Sequence<UnhashedSection>): Section[] {
  const step = Math.max(1, Math.ceil(sections.length / mostRead));
  const read: Section[] = [];
  let at = 0;
  for (const section of sections) {
    if (at % step === 0) read.push({ ...section, hash: '' });
    at += 1;
  }
  return read;
}
