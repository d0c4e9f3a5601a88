import { isOffTopic } from '../server/chat/retrieval/relevance-gate.ts';
import type { Candidates } from './retrieve-candidates.ts';
import { rankingOf, score, type RankingSettings } from './score.ts';

/** The fraction of answerable questions that may be refused on the half used for calibration. */
export const falseRefusalLimit = 0.03;

const steps = Array.from({ length: 51 }, (_, index) => index / 50);

/**
 * Finds the retriever weights that rank the relevant sections highest, and the thresholds that refuse the most off-topic
 * questions at no more than `falseRefusalLimit`. Calibrate with one half of the questions and judge by the other.
 */
export function calibrate(candidates: readonly Candidates[]): RankingSettings {
  const hasDense = candidates.some(({ dense }) => dense !== null);
  const weights = hasDense ? bestWeights(candidates) : { dense: 0, lexical: 1 };
  return { weights, refusal: bestRefusal(candidates, weights, hasDense) };
}

function bestWeights(candidates: readonly Candidates[]): RankingSettings['weights'] {
  const refuseNothing = { coverage: 0, cosine: 0 };
  let best = { value: -1, weights: { dense: 0, lexical: 1 } };
  for (const dense of steps) {
    const weights = { dense, lexical: Math.round((1 - dense) * 100) / 100 };
    const { mrr, recall } = score(candidates, { weights, refusal: refuseNothing });
    const value = mrr + (recall[5] ?? 0);
    if (value > best.value) best = { value, weights };
  }
  return best.weights;
}

/** Among equals the highest thresholds that the limit allows: readers ask more kinds of off-topic questions than a set has. */
function bestRefusal(
  candidates: readonly Candidates[],
  weights: RankingSettings['weights'],
  hasDense: boolean,
): RankingSettings['refusal'] {
  const rankings = candidates.map((entry) => ({
    isAnswerable: entry.question.relevant.length > 0,
    ranking: rankingOf(entry, weights),
  }));
  const answerable = rankings.filter(({ isAnswerable }) => isAnswerable);
  const offTopic = rankings.filter(({ isAnswerable }) => !isAnswerable);
  const countRefused = (entries: typeof rankings, refusal: RankingSettings['refusal']): number =>
    entries.filter(({ ranking }) => isOffTopic(ranking, refusal)).length;
  let best = { refused: -1, strictness: -1, refusal: { coverage: 0, cosine: 0 } };
  for (const coverage of steps)
    for (const cosine of hasDense ? steps : [0]) {
      const refusal = { coverage, cosine };
      if (countRefused(answerable, refusal) > falseRefusalLimit * answerable.length) continue;
      const refused = countRefused(offTopic, refusal);
      const strictness = hasDense ? coverage * cosine : coverage;
      if (refused > best.refused || (refused === best.refused && strictness > best.strictness))
        best = { refused, strictness, refusal };
    }
  return best.refusal;
}
