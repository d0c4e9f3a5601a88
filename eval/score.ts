import { fuseRankings } from '../server/chat/retrieval/fuse-rankings.ts';
import { isOffTopic } from '../server/chat/retrieval/relevance-gate.ts';
import type { HybridSearchResult } from '../server/chat/retrieval/hybrid-search.ts';
import type { ChatSettings } from '../server/chat/settings.ts';
import type { Section } from '../server/collection/section.ts';
import type { EvalQuestion } from './data-set/data-set.ts';
import type { Candidates } from './retrieve-candidates.ts';

export type RankingSettings = Pick<ChatSettings, 'fusion' | 'relevance'>;

/** Fractions from 0 to 1; NaN when there is no such question. */
export type Score = {
  questions: number;
  recall: { [k: number]: number };
  precision: { [k: number]: number };
  /** Mean of 1 / rank of the first relevant section; 0 when none is among the candidates. */
  mrr: number;
  /** Answerable questions that would be refused. */
  falseRefusals: number;
  /** Refused questions of each kind that the book does not answer. */
  refused: { [kind: string]: number };
};

const depths = [1, 3, 5, 8] as const;

/** Scores the server's fusion and relevance gate with these settings. */
export function score(candidates: readonly Candidates[], settings: RankingSettings): Score {
  const answerable = candidates.filter(({ question }) => question.relevant.length > 0);
  const ranked = answerable.map((entry) => ({ ...entry, sections: rank(entry, settings) }));
  const offTopic = candidates.filter(({ question }) => question.relevant.length === 0);
  const kinds = [...new Set(offTopic.map(({ question }) => question.kind))];
  const isRefused = (entry: Candidates): boolean =>
    isOffTopic(rankingOf(entry, settings), settings.relevance);
  return {
    questions: candidates.length,
    recall: byDepth((k) => mean(ranked, ({ question, sections }) => recallAt(question, sections, k))),
    precision: byDepth((k) => mean(ranked, ({ question, sections }) => precisionAt(question, sections, k))),
    mrr: mean(ranked, ({ question, sections }) => reciprocalRank(question, sections)),
    falseRefusals: fraction(answerable, isRefused),
    refused: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        fraction(
          offTopic.filter(({ question }) => question.kind === kind),
          isRefused,
        ),
      ]),
    ),
  };
}

/** The sections in the order in which the server would use them. */
export function rank(entry: Candidates, settings: Pick<RankingSettings, 'fusion'>): Section[] {
  return rankingOf(entry, settings).ranked.map(({ section }) => section);
}

/** What the server's relevance gate would see. */
export function rankingOf(
  { lexical, dense }: Candidates,
  { fusion }: Pick<RankingSettings, 'fusion'>,
): Pick<HybridSearchResult, 'ranked' | 'coverage' | 'cosine'> {
  return {
    ranked: fuseRankings({ dense: dense ?? [], lexical: lexical ?? { hits: [], deviation: 0 }, fusion }),
    coverage: lexical?.coverage ?? null,
    cosine: dense === null ? null : (dense[0]?.score ?? 0),
  };
}

function isIn(group: readonly string[], section: Section): boolean {
  return group.includes(section.id) || (section.url !== '' && group.includes(section.url));
}

function recallAt({ relevant }: EvalQuestion, sections: readonly Section[], k: number): number {
  const top = sections.slice(0, k);
  return fraction(relevant, (group) => top.some((section) => isIn(group, section)));
}

function precisionAt({ relevant }: EvalQuestion, sections: readonly Section[], k: number): number {
  const hits = sections.slice(0, k).filter((section) => relevant.some((group) => isIn(group, section)));
  return hits.length / k;
}

function reciprocalRank({ relevant }: EvalQuestion, sections: readonly Section[]): number {
  const index = sections.findIndex((section) => relevant.some((group) => isIn(group, section)));
  return index < 0 ? 0 : 1 / (index + 1);
}

function byDepth(measure: (k: number) => number): { [k: number]: number } {
  return Object.fromEntries(depths.map((k) => [k, measure(k)]));
}

function mean<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0) / items.length;
}

function fraction<T>(items: readonly T[], matches: (item: T) => boolean): number {
  return mean(items, (item) => (matches(item) ? 1 : 0));
}
