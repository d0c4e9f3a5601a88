import type { Calibration } from '../../../server/collection/stamp.ts';

/** The best scores that the collection has for a question. */
export type QuestionScores = { coverage: number; cosine: number };

export type CalibrationScores = {
  /** Of questions about anything but this book. */
  offTopic: readonly QuestionScores[];
  /** Of sentences of the book, among all sections but their own: a reader rarely asks in the book's own words. */
  heldBack: readonly QuestionScores[];
  /** The place of each sentence's own section in the dense ranking, from 1; null where it is not among the first. */
  ownRanks: readonly (number | null)[];
  /** Share of the sentences for which both retrievers have the same best section. */
  agreement: number;
  /** Standard deviation of the cosines of one question with all sections. */
  cosineDeviation: number;
};

/**
 * Learns from scores how to read scores: where the gate between off-topic questions and the book's own lies, and how much
 * the dense retriever may say. Pure.
 */
export function calibrateScores(scores: CalibrationScores): Pick<Calibration, 'coverage_alone' | 'vectors'> {
  const { offTopic, heldBack, cosineDeviation } = scores;
  const coverageWeight = weightOfCoverage(scores);
  const sum = ({ coverage, cosine }: QuestionScores): number => cosine + coverageWeight * coverage;
  const cosines = heldBack.map(({ cosine }) => cosine);
  return {
    coverage_alone: rounded(
      clamp(
        quantile(
          heldBack.map(({ coverage }) => coverage),
          lowShare,
        ),
        coverageRange,
      ),
    ),
    vectors: {
      coverage_weight: rounded(coverageWeight),
      threshold: rounded(threshold(offTopic.map(sum), heldBack.map(sum), preference)),
      // Without words there is no second opinion, so only what is off topic without doubt is refused.
      cosine_alone: rounded(
        Math.min(
          threshold(
            offTopic.map(({ cosine }) => cosine),
            cosines,
          ),
          ...cosines,
        ),
      ),
      cosine_deviation: Math.max(tiny, rounded(cosineDeviation)),
      dense_weight: rounded(denseWeight(scores)),
    },
  };
}

/** Share of the held-back sentences that may score lower than the coverage asked for. */
const lowShare = 0.05;
/** Sentences of another book by the same author share more words than a reader's question, or fewer. */
const coverageRange: Range = [0.2, 0.3];
/** How much nearer to the book's own sentences than to off-topic questions: a refused reader can ask again. */
const preference = 0.1;
/** Coverage and cosine rise together: each alone separates better than its share of both. */
const shareOfBoth = 0.5;
const tiny = 1e-4;

/** Linear discriminant of two scores, both taken as independent: how much of a cosine a whole coverage is worth. */
function weightOfCoverage({ offTopic, heldBack }: CalibrationScores): number {
  const separation = (valueOf: (scores: QuestionScores) => number): number => {
    const [outside, inside] = [offTopic.map(valueOf), heldBack.map(valueOf)];
    const variance = deviation(outside) ** 2 + deviation(inside) ** 2;
    return Math.max(0, mean(inside) - mean(outside)) / Math.max(tiny, variance);
  };
  const byCosine = separation(({ cosine }) => cosine);
  const byCoverage = separation(({ coverage }) => coverage);
  // Where the cosines tell nothing apart, the coverage decides.
  return shareOfBoth * (byCoverage / Math.max(byCosine, byCoverage / mostWorth));
}

/** A whole coverage is at most worth this cosine. */
const mostWorth = 2;

/** The value as many deviations above the off-topic questions as below the book's own; `towards` moves it to the latter. */
function threshold(outside: readonly number[], own: readonly number[], towards = 0): number {
  const [low, high] = [mean(outside), mean(own)];
  const [below, above] = [deviation(outside), deviation(own)];
  const share = below / Math.max(tiny, below + above);
  return low + (high - low) * Math.min(1, share * (1 + towards));
}

/**
 * A model that does not find a section by its own sentence is not to be trusted with a paraphrase; one that mostly agrees
 * with the words looks at words too, and less well.
 */
function denseWeight({ ownRanks, agreement }: CalibrationScores): number {
  const ability = mean(ownRanks.map((rank) => (rank === null ? 0 : 1 / rank)));
  return clamp(ability - 3 * Math.max(0, agreement - usualAgreement), [0.1, 0.8]);
}

const usualAgreement = 0.25;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

type Range = [least: number, most: number];

function clamp(value: number, [least, most]: Range): number {
  return Math.min(most, Math.max(least, value));
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
