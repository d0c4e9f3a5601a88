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
function collection({ floor = 0, ownRank = 1 as number | null, agreement = 0.2 } = {}) {
  const raised = (values: number[]) => values.map((value) => floor + (1 - floor) * value);
  return {
    offTopic: scores(raised(spread(0.2, 0.2)), spread(0.15, 0.3)),
    heldBack: scores(raised(spread(0.5, 0.3)), spread(0.5, 0.6)),
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
  const learnt = calibrateScores(collection({ agreement: 0.4 }));
  expect(learnt.vectors?.dense_weight).toBeCloseTo(0.55);
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
