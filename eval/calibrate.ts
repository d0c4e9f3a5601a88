import { isOffTopic } from '../server/chat/retrieval/relevance-gate.ts';
import type { Candidates } from './retrieve-candidates.ts';
import { rankingOf, score, type RankingSettings } from './score.ts';

/** Of a hundred questions that the book answers, so many may be refused on the half that is tuned on. */
export const falseRefusalLimit = 0.03;

const steps = Array.from({ length: 51 }, (_, at) => at / 50);

/**
 * The leg weights that rank the right sections highest, and the thresholds that refuse the most foreign
 * questions at no more than `falseRefusalLimit`. Give it one half of the questions and judge by the other.
 */
export function calibrate(findings: readonly Candidates[]): RankingSettings {
  const hasDense = findings.some(({ dense }) => dense !== null);
  const weights = hasDense ? bestWeights(findings) : { dense: 0, lexical: 1 };
  return { weights, refusal: bestRefusal(findings, weights, hasDense) };
}

function bestWeights(findings: readonly Candidates[]): RankingSettings['weights'] {
  const anything = { coverage: 0, cosine: 0 };
  let best = { value: -1, weights: { dense: 0, lexical: 1 } };
  for (const dense of steps) {
    const weights = { dense, lexical: Math.round((1 - dense) * 100) / 100 };
    const { mrr, recall } = score(findings, { weights, refusal: anything });
    const value = mrr + (recall[5] ?? 0);
    if (value > best.value) best = { value, weights };
  }
  return best.weights;
}

/** Among equals the highest thresholds that the limit allows: foreign questions are of more kinds than a set holds. */
function bestRefusal(
  findings: readonly Candidates[],
  weights: RankingSettings['weights'],
  hasDense: boolean,
): RankingSettings['refusal'] {
  const judged = findings.map((one) => ({
    isAnswerable: one.question.relevant.length > 0,
    retrieved: rankingOf(one, weights),
  }));
  const answerable = judged.filter((one) => one.isAnswerable);
  const foreign = judged.filter((one) => !one.isAnswerable);
  const count = (all: typeof judged, refusal: RankingSettings['refusal']): number =>
    all.filter(({ retrieved }) => isOffTopic(retrieved, refusal)).length;
  let best = { caught: -1, reach: -1, refusal: { coverage: 0, cosine: 0 } };
  for (const coverage of steps)
    for (const cosine of hasDense ? steps : [0]) {
      const refusal = { coverage, cosine };
      if (count(answerable, refusal) > falseRefusalLimit * answerable.length) continue;
      const caught = count(foreign, refusal);
      const reach = hasDense ? coverage * cosine : coverage;
      if (caught > best.caught || (caught === best.caught && reach > best.reach))
        best = { caught, reach, refusal };
    }
  return best.refusal;
}
