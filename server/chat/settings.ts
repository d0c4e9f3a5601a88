import type { FusionWeights } from './retrieval/fuse-rankings.ts';

/** What the legs have to find for a question to be the book's, each 0 to 1. */
export type RelevanceThresholds = { coverage: number; cosine: number };

/** Everything that may be tuned about answering. Times in milliseconds, sizes in characters. */
export const chatSettings = {
  /** Each leg's share in the ranking. */
  weights: { dense: 0.55, lexical: 0.45 } as FusionWeights,
  /** Candidates that each leg brings. */
  candidateLimit: 20,
  passageLimit: 8,
  /** A passage with less than this share of the best one's score is not shown to the model. */
  minScoreShare: 0.25,
  passageBudget: 12_000,
  historyTurns: 3,
  historyBudget: 6_000,
  selectionLimit: 12_000,
  /** A book of more sections has its words in Qdrant's sparse vectors and not in this process. */
  memorySections: 50_000,
  /** How long a question waits for the book at a start. */
  indexReadyTimeoutMs: 5_000,
  embedTimeoutMs: 4_000,
  searchTimeoutMs: 2_500,
  /** More wait their turn: a crowd's vectors and requests would all be in memory together. */
  concurrentSearches: 64,
  historyTimeoutMs: 2_500,
  /** From the request to the model's first text, and between any two pieces. */
  idleTimeoutMs: 30_000,
  answerTimeoutMs: 120_000,
  /**
   * A question is refused when both legs find less than this. The coverage is what `npm run eval -- --calibrate`
   * finds for the sample book.
   */
  relevance: { coverage: 0.24, cosine: 0.5 } as RelevanceThresholds,
};

export type ChatSettings = typeof chatSettings;
