import type { Score } from './score.ts';

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
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? '').length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

function formatFraction(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(3);
}
