/** Each retriever's weight in the fused ranking, 0 to 1. */
export type FusionWeights = { dense: number; lexical: number };

/** Minimum scores for a question to be on topic, each 0 to 1. */
export type RelevanceThresholds = { coverage: number; cosine: number };

/** The settings of answering. Times in milliseconds, sizes in characters. */
export const chatSettings = {
  weights: { dense: 0.55, lexical: 0.45 } as FusionWeights,
  /** Candidates per retriever. */
  candidateLimit: 20,
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
  /**
   * A question is refused when both scores are lower. The coverage is the result of `npm run eval -- --calibrate` for
   * the sample book.
   */
  relevance: { coverage: 0.24, cosine: 0.5 } as RelevanceThresholds,
};

export type ChatSettings = typeof chatSettings;
