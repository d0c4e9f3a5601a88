import type { Calibration } from '../../../server/collection/stamp.ts';

/** The best scores that the collection has for a question. */
export type QuestionScores = { coverage: number; cosine: number };

export type CalibrationScores = {
  /** Of questions about anything but this book. */
  offTopic: readonly QuestionScores[];
  /** Of sentences of the book, among all sections but their own: a reader rarely asks in the book's own words. */
  heldBack: readonly QuestionScores[];
  /** Of headings of the book, among all sections: short, as readers ask. */
  headings: readonly QuestionScores[];
  /** The place of each sentence's own section in the dense ranking, from 1; null where it is not among the first. */
  ownRanks: readonly (number | null)[];
  /** Correlation of a sentence's cosines with its words' scores, over sections of the book: 1 for hashed words. */
  agreement: number;
  /** Standard deviation of the cosines of one question with all sections. */
  cosineDeviation: number;
};

/**
 * Learns from scores how to read scores: where the gate between off-topic questions and the book's own lies, and how much
 * the dense retriever may say. Pure.
 */
export function calibrateScores(scores: CalibrationScores): Pick<Calibration, 'coverage_alone' | 'vectors'> {
  const { heldBack, cosineDeviation } = scores;
  const coverageAlone = clamp(
    quantile(
      heldBack.map(({ coverage }) => coverage),
      lowShare,
    ),
    coverageRange,
  );
  const { coverageWeight, threshold, second, cosineAlone } = hasOpinion(scores)
    ? gateOf(scores)
    : gateOfWords(scores, coverageAlone);
  return {
    coverage_alone: rounded(coverageAlone),
    vectors: {
      coverage_weight: rounded(coverageWeight),
      threshold: rounded(threshold),
      ...(second !== undefined && {
        second: { coverage_weight: rounded(second.coverageWeight), threshold: rounded(second.threshold) },
      }),
      cosine_alone: rounded(cosineAlone),
      cosine_deviation: Math.max(tiny, rounded(cosineDeviation)),
      dense_weight: rounded(denseWeight(scores)),
    },
  };
}

type Gate = {
  coverageWeight: number;
  threshold: number;
  second?: Pick<Gate, 'coverageWeight' | 'threshold'>;
  cosineAlone: number;
};

/**
 * False for a model that looks at words too, and for one to which the book's own headings are hardly more like the book
 * than questions about anything else: a reader's question would often fall below any threshold that refuses something.
 */
function hasOpinion({ offTopic, heldBack, headings, agreement }: CalibrationScores): boolean {
  const [low, high, middle] = [offTopic, heldBack, headings].map((all) =>
    quantile(
      all.map(({ cosine }) => cosine),
      0.5,
    ),
  ) as [number, number, number];
  const isLikeTheBook = headings.length < fewestHeadings || middle - low >= likeness * (high - low);
  return agreement <= usualAgreement && isLikeTheBook;
}

/** Part of the distance from off-topic questions to the book's sentences that half of its headings cover. */
const likeness = 0.7;
/** Fewer headings say too little. */
const fewestHeadings = 8;

/**
 * The words decide, and without words nothing is refused. Beside them, what scores clearly less than every sentence and
 * heading of the book is refused, although one of its words is in the book.
 */
function gateOfWords(scores: CalibrationScores, coverageAlone: number): Gate {
  const { heldBack, headings } = scores;
  const coverageWeight = weightOfCoverage(scores);
  const sums = valuesOf(scores, ({ cosine, coverage }) => cosine + coverageWeight * coverage);
  const least = Math.min(...sums.own, ...sums.headings) - reserve * distance(sums);
  const usual = mean(heldBack.map(({ cosine }) => cosine));
  return {
    coverageWeight: wordsDecide,
    threshold: usual + wordsDecide * coverageAlone,
    ...(headings.length >= fewestHeadings && { second: { coverageWeight, threshold: least } }),
    cosineAlone: -1,
  };
}

/** Part of the distance between off-topic questions and the book's own: a heading alone is a question too. */
const reserve = 0.2;
/** A cosine is worth hardly any coverage. */
const wordsDecide = 20;

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

/**
 * The threshold of the sum: as many deviations above the off-topic questions as below the book's sentences, nearer to the
 * latter. It goes no further than most off-topic questions need, and not above what the book's own sentences and headings
 * reach. Without words there is no second opinion, so only what is off topic without doubt is refused.
 */
function gateOf(scores: CalibrationScores): Gate {
  const coverageWeight = weightOfCoverage(scores);
  const sums = valuesOf(scores, ({ cosine, coverage }) => cosine + coverageWeight * coverage);
  const cosines = valuesOf(scores, ({ cosine }) => cosine);
  const needed = quantile(sums.outside, mostOffTopic) + reserve * distance(sums);
  return {
    coverageWeight,
    threshold: Math.min(middle(sums, preference), needed, quantile(sums.own, oddShare), ...lowest(sums)),
    cosineAlone: Math.min(
      middle(cosines),
      Math.min(...cosines.own, ...lowest(cosines)) - margin * distance(cosines),
    ),
  };
}

type Values = { outside: number[]; own: number[]; headings: number[] };

function valuesOf(
  { offTopic, heldBack, headings }: CalibrationScores,
  valueOf: (scores: QuestionScores) => number,
): Values {
  return { outside: offTopic.map(valueOf), own: heldBack.map(valueOf), headings: headings.map(valueOf) };
}

/** Share of the held-back sentences that no reader would ask: a section may begin with an import or a licence. */
const oddShare = 0.1;
/** Share of the off-topic questions that the gate is meant to refuse. */
const mostOffTopic = 0.9;
/** Part of the distance between off-topic questions and the book's own that is left as a reserve. */
const margin = 0.15;

function distance({ outside, own }: Values): number {
  return Math.max(0, mean(own) - mean(outside));
}

/** What hardly any heading is below: two deviations under their mean, which a few of them tell better than the least. */
function lowest({ headings }: Values): number[] {
  return headings.length < fewestHeadings ? [] : [mean(headings) - 1.9 * deviation(headings)];
}

/** The value as many deviations above the off-topic questions as below the book's own; `towards` moves it to the latter. */
function middle({ outside, own }: Values, towards = 0): number {
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
  return clamp(ability - agreementCost * Math.max(0, agreement - usualAgreement), [0.1, 0.8]);
}

const usualAgreement = 0.52;
/** What agreement above the usual costs of the weight: at 0.06 more, a model that finds every section has hardly any. */
const agreementCost = 12;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function deviation(values: readonly number[]): number {
  const average = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2)));
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
