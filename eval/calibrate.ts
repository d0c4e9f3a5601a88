import { isOffTopic } from '../server/chat/retrieval/relevance-gate.ts';
import type { RelevanceRule } from '../server/chat/settings.ts';
import type { Candidates } from './retrieve-candidates.ts';
import { rankingOf, score, type RankingSettings } from './score.ts';

/** The fraction of answerable questions that may be refused on the half used for calibration. */
export const falseRefusalLimit = 0.03;

const steps = Array.from({ length: 51 }, (_, index) => index / 50);

/**
 * Finds the weight of the dense retriever that ranks the relevant sections highest, and the gate that refuses the most
 * off-topic questions at no more than `falseRefusalLimit`, for both retrievers and for each alone. Calibrate with one half
 * of the questions and judge by the other.
 */
export function calibrate(candidates: readonly Candidates[], settings: RankingSettings): RankingSettings {
  const words = candidates.map((entry) => ({ ...entry, dense: null }));
  const coverageAlone = strictest(words, settings, steps, (value) => ({ coverageAlone: value }));
  if (candidates.every(({ dense }) => dense === null))
    return { ...settings, relevance: { ...settings.relevance, coverageAlone } };
  const fusion = { ...settings.fusion, denseWeight: bestWeight(candidates, settings) };
  const vectors = candidates.map((entry) => ({ ...entry, lexical: null }));
  const cosineAlone = strictest(vectors, settings, steps, (value) => ({ cosineAlone: value }));
  const both = bestSum(candidates, { ...settings, fusion });
  return { fusion, relevance: { both, coverageAlone, cosineAlone } };
}

function bestWeight(candidates: readonly Candidates[], settings: RankingSettings): number {
  let best = { value: -1, denseWeight: 0 };
  for (const denseWeight of steps) {
    const fusion = { ...settings.fusion, denseWeight };
    const { mrr, recall } = score(candidates, { ...settings, fusion });
    const value = mrr + (recall[5] ?? 0);
    if (value > best.value) best = { value, denseWeight };
  }
  return best.denseWeight;
}

/** The highest of ascending values that keeps the limit. */
function strictest(
  candidates: readonly Candidates[],
  settings: RankingSettings,
  values: readonly number[],
  ruleOf: (value: number) => Partial<RelevanceRule>,
): number {
  const answerable = answerableOf(candidates).map((entry) => rankingOf(entry, settings));
  const refusals = (value: number): number =>
    answerable.filter((ranking) => isOffTopic(ranking, { ...settings.relevance, ...ruleOf(value) })).length;
  return values.findLast((value) => refusals(value) <= falseRefusalLimit * answerable.length) ?? 0;
}

function bestSum(candidates: readonly Candidates[], settings: RankingSettings): RelevanceRule['both'] {
  const offTopic = candidates.filter(({ question }) => question.relevant.length === 0);
  const rankings = offTopic.map((entry) => rankingOf(entry, settings));
  let best = { refused: -1, both: settings.relevance.both };
  for (const coverageWeight of steps) {
    const sum = (threshold: number) => ({ both: { type: 'sum', coverageWeight, threshold } as const });
    const values = steps.map((step) => step * (1 + coverageWeight));
    const both = sum(strictest(candidates, settings, values, sum)).both;
    const refused = rankings.filter((ranking) => isOffTopic(ranking, { ...settings.relevance, both })).length;
    if (refused > best.refused) best = { refused, both };
  }
  return best.both;
}

function answerableOf(candidates: readonly Candidates[]): Candidates[] {
  return candidates.filter(({ question }) => question.relevant.length > 0);
}
