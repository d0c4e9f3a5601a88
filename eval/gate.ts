import type { Score } from './score.ts';

/** What the held-out half of the questions about the sample book has to reach; raised when retrieval gets better. */
export type ScoreGate = { recallAt5: number; mrr: number; falseRefusals: number; farRefused: number };

/** A sentence for each number that misses the gate; none when it is passed. */
export function gateMisses({ score, gate, name }: { score: Score; gate: ScoreGate; name: string }): string[] {
  const far = score.refused['unanswerable-far'] ?? 0;
  const rows: [what: string, got: number, isGood: boolean, wanted: string][] = [
    [
      'recall@5',
      score.recall[5] ?? 0,
      (score.recall[5] ?? 0) >= gate.recallAt5,
      `at least ${gate.recallAt5}`,
    ],
    ['MRR', score.mrr, score.mrr >= gate.mrr, `at least ${gate.mrr}`],
    [
      'false refusals',
      score.falseRefusals,
      score.falseRefusals <= gate.falseRefusals,
      `at most ${gate.falseRefusals}`,
    ],
    ['foreign questions refused', far, far >= gate.farRefused, `at least ${gate.farRefused}`],
  ];
  return rows
    .filter(([, , isGood]) => !isGood)
    .map(([what, got, , wanted]) => `${name}: ${what} is ${got.toFixed(3)}, wanted is ${wanted}.`);
}
