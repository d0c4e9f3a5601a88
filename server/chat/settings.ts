/** How the scores of two retrievers become one. */
export type FusionSettings = {
  /** Share of the dense retriever, 0 to 1. */
  denseWeight: number;
  /** Standard deviation of the cosines of one question with all sections; null where it is not known. */
  cosineDeviation: number | null;
};

/** Cosine and weighted coverage reach the threshold together. */
export type ScoreSum = { coverageWeight: number; threshold: number };

/** The scores that a question needs to be on topic. */
export type RelevanceRule = {
  /** With both retrievers: one of the two scores reaches its value, or their weighted sum does, or two such sums do. */
  both:
    | { type: 'either'; coverage: number; cosine: number }
    | { type: 'sum'; coverageWeight: number; threshold: number; second?: ScoreSum };
  /** Without vectors. */
  coverageAlone: number;
  /** Without words. */
  cosineAlone: number;
};

/** The settings of answering. Times in milliseconds, sizes in characters. */
export const chatSettings = {
  fusion: { denseWeight: 0.55, cosineDeviation: null } as FusionSettings,
  /** Candidates of each retriever. The cosine of the last one is what all other sections count with. */
  candidates: { lexical: 20, dense: 40 },
  passageLimit: 8,
  /** Passages with less than this share of the best score are not given to the model. */
  minScoreShare: 0.25,
  passageBudget: 12_000,
  historyTurns: 3,
  historyBudget: 6_000,
  /** A larger book stays in Qdrant and is searched by its sparse vectors. */
  memorySections: 50_000,
  /** How long a question waits for the book after a start. */
  indexReadyTimeoutMs: 5_000,
  embedTimeoutMs: 4_000,
  searchTimeoutMs: 2_500,
  /** Further searches wait, so that a crowd's vectors and requests are not all in memory at once. */
  concurrentSearches: 64,
  historyTimeoutMs: 2_500,
  /** From the request to the model's first chunk, and between chunks. */
  idleTimeoutMs: 30_000,
  answerTimeoutMs: 120_000,
  /** For a collection without a calibration. Cosines of an unknown model say nothing alone: then nothing is refused. */
  relevance: {
    both: { type: 'either', coverage: 0.24, cosine: 0.5 },
    coverageAlone: 0.24,
    cosineAlone: -1,
  } as RelevanceRule,
};

export type ChatSettings = typeof chatSettings;
