import { fuseRankings } from '../server/chat/retrieval/fuse-rankings.ts';
import { isOffTopic } from '../server/chat/retrieval/relevance-gate.ts';
import type { HybridSearchResult } from '../server/chat/retrieval/hybrid-search.ts';
import type { FusionWeights, RelevanceThresholds } from '../server/chat/settings.ts';
import type { Section } from '../server/collection/section.ts';
import type { EvalQuestion } from './read-data-set.ts';
import type { Candidates } from './retrieve-candidates.ts';

export type RankingSettings = { weights: FusionWeights; refusal: RelevanceThresholds };

/** Shares between 0 and 1; NaN where no question is of the kind. */
export type Score = {
  questions: number;
  recall: { [k: number]: number };
  precision: { [k: number]: number };
  /** Mean of 1 / rank of the first right section; 0 when none is among the candidates. */
  mrr: number;
  /** Answerable questions that would be refused. */
  falseRefusals: number;
  /** Refused questions of each kind that the book does not answer. */
  refused: { [kind: string]: number };
};

const depths = [1, 3, 5, 8] as const;

/** How well the questions are answered with these weights and thresholds: the server's own fusion and refusal. */
export function score(findings: readonly Candidates[], tuned: RankingSettings): Score {
  const asked = findings.filter(({ question }) => question.relevant.length > 0);
  const ranked = asked.map((one) => ({ ...one, sections: rank(one, tuned.weights) }));
  const foreign = findings.filter(({ question }) => question.relevant.length === 0);
  const kinds = [...new Set(foreign.map(({ question }) => question.kind))];
  const isRefused = (one: Candidates): boolean => isOffTopic(rankingOf(one, tuned.weights), tuned.refusal);
  return {
    questions: findings.length,
    recall: byDepth((k) => mean(ranked, ({ question, sections }) => recallAt(question, sections, k))),
    precision: byDepth((k) => mean(ranked, ({ question, sections }) => precisionAt(question, sections, k))),
    mrr: mean(ranked, ({ question, sections }) => reciprocalRank(question, sections)),
    falseRefusals: share(asked, isRefused),
    refused: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        share(
          foreign.filter(({ question }) => question.kind === kind),
          isRefused,
        ),
      ]),
    ),
  };
}

/** Sections in the order the model would be given them. */
export function rank({ dense, lexical }: Candidates, weights: FusionWeights): Section[] {
  return fuseRankings({ dense: dense ?? [], lexical, weights }).map(({ section }) => section);
}

/** What the server would judge a question by. */
export function rankingOf(
  { lexical, dense, coverage }: Candidates,
  weights: FusionWeights,
): Pick<HybridSearchResult, 'ranked' | 'coverage' | 'cosine'> {
  const ranked = fuseRankings({ dense: dense ?? [], lexical, weights });
  return { ranked, coverage, cosine: dense === null ? null : (dense[0]?.score ?? 0) };
}

function isIn(group: readonly string[], section: Section): boolean {
  return group.includes(section.id) || (section.url !== '' && group.includes(section.url));
}

function recallAt({ relevant }: EvalQuestion, sections: readonly Section[], k: number): number {
  const top = sections.slice(0, k);
  return share(relevant, (group) => top.some((section) => isIn(group, section)));
}

function precisionAt({ relevant }: EvalQuestion, sections: readonly Section[], k: number): number {
  const right = sections.slice(0, k).filter((section) => relevant.some((group) => isIn(group, section)));
  return right.length / k;
}

function reciprocalRank({ relevant }: EvalQuestion, sections: readonly Section[]): number {
  const at = sections.findIndex((section) => relevant.some((group) => isIn(group, section)));
  return at < 0 ? 0 : 1 / (at + 1);
}

function byDepth(measure: (k: number) => number): { [k: number]: number } {
  return Object.fromEntries(depths.map((k) => [k, measure(k)]));
}

function mean<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((sum, one) => sum + value(one), 0) / all.length;
}

function share<T>(all: readonly T[], is: (one: T) => boolean): number {
  return mean(all, (one) => (is(one) ? 1 : 0));
}
