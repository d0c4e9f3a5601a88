import type { Score } from './score.ts';
import { formatFraction, textTable } from './text-table.ts';

export type ScoreRow = { name: string; score: Score };

/** Formats one line per ranking, with three decimals; `-` when there is no such question. */
export function scoreTable(rows: readonly ScoreRow[]): string {
  const kinds = [...new Set(rows.flatMap(({ score }) => Object.keys(score.refused)))];
  const head = ['', 'R@1', 'R@3', 'R@5', 'R@8', 'P@1', 'P@3', 'MRR', 'false refusals'];
  const lines = [
    [...head, ...kinds.map((kind) => `${kind.replace(/^unanswerable-/, '')} refused`)],
    ...rows.map(({ name, score: { recall, precision, mrr, falseRefusals, refused } }) => [
      name,
      ...[recall[1], recall[3], recall[5], recall[8], precision[1], precision[3]].map(formatFraction),
      formatFraction(mrr),
      formatFraction(falseRefusals),
      ...kinds.map((kind) => formatFraction(refused[kind])),
    ]),
  ];
  return textTable(lines);
}
