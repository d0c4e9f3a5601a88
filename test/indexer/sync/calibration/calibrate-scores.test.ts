import { expect, test } from 'vitest';
import { calibrateScores } from '../../../../indexer/sync/calibration/calibrate-scores.ts';
import { calibratedSettings } from '../../../../server/chat/retrieval/calibrated-settings.ts';
import { isOffTopic } from '../../../../server/chat/retrieval/relevance-gate.ts';
import { chatSettings } from '../../../../server/chat/settings.ts';
import { sampleSections } from '../../../server/sample-sections.ts';

const spread = (middle: number, width: number) =>
  Array.from({ length: 40 }, (_, index) => middle + width * (index / 39 - 0.5));
const scores = (cosines: number[], coverages: number[]) =>
  cosines.map((cosine, index) => ({ cosine, coverage: coverages[(index * 7) % coverages.length] ?? 0 }));

/** A model whose unrelated texts have the cosine `floor`. */
function collection({ floor = 0, ownRank = 1 as number | null, agreement = 0.4, headings = 0.55 } = {}) {
  const raised = (values: number[]) => values.map((value) => floor + (1 - floor) * value);
  return {
    offTopic: scores(raised(spread(0.2, 0.2)), spread(0.15, 0.3)),
    heldBack: scores(raised(spread(0.5, 0.3)), spread(0.5, 0.6)),
    headings: scores(raised(spread(headings, 0.3)), spread(0.7, 0.6)),
    ownRanks: Array.from({ length: 40 }, () => ownRank),
    agreement,
    cosineDeviation: 0.1 * (1 - floor),
  };
}

function gateOf(learnt: ReturnType<typeof calibrateScores>) {
  const { relevance } = calibratedSettings(chatSettings, { questions: 'built-in', sections: 40, ...learnt });
  const ranked = [{ section: sampleSections[0]!, similarity: null, score: 1 }];
  return (result: { cosine: number | null; coverage: number | null }) =>
    isOffTopic({ ranked, ...result }, relevance);
}

test.each([0, 0.6])(
  'the gate separates off-topic questions from the book’s own, with a floor of %s',
  (floor) => {
    const isRefused = gateOf(calibrateScores(collection({ floor })));
    const raised = (cosine: number) => floor + (1 - floor) * cosine;
    expect(isRefused({ cosine: raised(0.22), coverage: 0.1 })).toBe(true);
    expect(isRefused({ cosine: raised(0.45), coverage: 0.1 })).toBe(false);
    expect(isRefused({ cosine: raised(0.3), coverage: 1 })).toBe(false);
  },
);

test('a missing retriever refuses nothing that it might have found', () => {
  const isRefused = gateOf(calibrateScores(collection()));
  expect(isRefused({ cosine: null, coverage: 0.3 })).toBe(false);
  expect(isRefused({ cosine: null, coverage: 0.1 })).toBe(true);
  expect(isRefused({ cosine: 0.36, coverage: null })).toBe(false);
  expect(isRefused({ cosine: 0.2, coverage: null })).toBe(true);
});

test('a model that mostly agrees with the words gets less weight', () => {
  const learnt = calibrateScores(collection({ agreement: 0.62 }));
  expect(learnt.vectors?.dense_weight).toBeCloseTo(0.1);
  expect(calibrateScores(collection({ agreement: 0.55 })).vectors?.dense_weight).toBeCloseTo(0.64);
});

test.each([
  ['looks at words', { agreement: 0.62 }],
  ['finds headings hardly more like the book than anything else', { headings: 0.35 }],
])('a model that %s leaves the gate to the words', (_, kind) => {
  const isRefused = gateOf(calibrateScores(collection(kind)));
  expect(isRefused({ cosine: 0.33, coverage: 0.35 })).toBe(false);
  expect(isRefused({ cosine: 0.5, coverage: 0.1 })).toBe(true);
  expect(isRefused({ cosine: 0.05, coverage: null })).toBe(false);
});

test('the gate goes no further than most off-topic questions need', () => {
  const heldBack = scores(spread(0.8, 0.1), spread(0.5, 0.6));
  const learnt = calibrateScores({ ...collection({ headings: 0.8 }), heldBack });
  expect(gateOf(learnt)({ cosine: 0.5, coverage: 0.1 })).toBe(false);
  expect(gateOf(learnt)({ cosine: 0.25, coverage: 0.1 })).toBe(true);
});

test('two sentences that no reader would ask, such as an import, do not lower the gate', () => {
  const plain = collection({ headings: 0.8 });
  const odd = plain.heldBack.map((entry, at) => (at < 2 ? { cosine: 0.2, coverage: 0 } : entry));
  const thresholds = [plain, { ...plain, heldBack: odd }].map(
    (scores) => calibrateScores(scores).vectors?.threshold ?? 0,
  );
  expect(thresholds[1]).toBeGreaterThan((thresholds[0] ?? 0) - 0.03);
});

test('a few headings that the model does not recognise lower the gate', () => {
  const missed = scores(spread(0.26, 0.02), [0.1]).slice(0, 6);
  const headings = [...collection().headings.slice(6), ...missed];
  const isRefused = gateOf(calibrateScores({ ...collection(), headings }));
  expect(gateOf(calibrateScores(collection()))({ cosine: 0.31, coverage: 0.1 })).toBe(true);
  expect(isRefused({ cosine: 0.31, coverage: 0.1 })).toBe(false);
});

test('a model that does not find a section by its own sentence gets little weight', () => {
  const weightOf = (ownRank: number | null) => calibrateScores(collection({ ownRank })).vectors?.dense_weight;
  expect([weightOf(1), weightOf(2), weightOf(null)]).toEqual([0.8, 0.5, 0.1]);
});

test('where cosines tell nothing apart, the coverage decides', () => {
  const same = { ...collection(), offTopic: scores(spread(0.5, 0.1), spread(0.1, 0.2)) };
  const isRefused = gateOf(
    calibrateScores({ ...same, heldBack: scores(spread(0.5, 0.1), spread(0.6, 0.4)) }),
  );
  expect(isRefused({ cosine: 0.52, coverage: 0.05 })).toBe(true);
  expect(isRefused({ cosine: 0.48, coverage: 0.6 })).toBe(false);
});

test('where the words decide, what is less like the book than all of its sentences and headings is refused too', () => {
  const isRefused = gateOf(calibrateScores(collection({ agreement: 0.62 })));
  // One of its words is in the book, which would be enough for the words.
  expect(isRefused({ cosine: 0.1, coverage: 0.45 })).toBe(true);
  expect(isRefused({ cosine: 0.35, coverage: 0.45 })).toBe(false);
  // A heading as a question.
  expect(isRefused({ cosine: 0.3, coverage: 1 })).toBe(false);
  expect(isRefused({ cosine: null, coverage: 0.45 })).toBe(false);
  const withoutHeadings = { ...collection({ agreement: 0.62 }), headings: [] };
  expect(gateOf(calibrateScores(withoutHeadings))({ cosine: 0.1, coverage: 0.45 })).toBe(false);
});
