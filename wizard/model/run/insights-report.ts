/** Questions that ask for the same. */
export type QuestionGroup = {
  /** The question that is most like the others. */
  title: string;
  count: number;
  /** Up to three different questions. */
  examples: readonly string[];
};

/** What readers ask and do not get. */
export type BookGap = QuestionGroup & {
  refused: number;
  votedDown: number;
  /** Addresses of the sections that came nearest, the most frequent first. */
  nearest: readonly string[];
  /** Where the missing section would belong. */
  suggestion: string;
};

export type ReaderNote = { question: string; rating: string; tag: string | null; note: string | null };

/** What a chat was asked in a period, and how that went. All counts are of questions. */
export type InsightsReport = {
  /** ISO-8601. */
  since: string;
  questions: number;
  verdicts: Readonly<Record<string, number>>;
  /** Of the questions that have a verdict, 0 to 1; null without any. */
  shareAnswered: number | null;
  /** Of whole answers by the model, in milliseconds. */
  latency: { p50: number; p95: number } | null;
  usage: { calls: number; inputTokens: number; outputTokens: number; price: number | null };
  /** Each day of the period in UTC. */
  days: readonly { day: string; answered: number; others: number }[];
  /** The largest first. */
  gaps: readonly BookGap[];
  mostAsked: readonly QuestionGroup[];
  mostCited: readonly { url: string; count: number }[];
  /** Null where the book's sections are not known. */
  neverCited: readonly string[] | null;
  feedback: { up: number; down: number; notes: readonly ReaderNote[] };
};
