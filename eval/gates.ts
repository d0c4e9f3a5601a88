import type { Score } from './score.ts';

/** What the held-out half of the questions about the sample book has to reach; raised when retrieval improves. */
export type ScoreGate = { recallAt5: number; mrr: number; falseRefusals: number; farRefused: number };

/** For the sample book's questions: with lexical search alone, and with each model beside it. */
export const gates = {
  lexical: { recallAt5: 0.75, mrr: 0.6, falseRefusals: 0.03, farRefused: 0.35 },
  small: { recallAt5: 0.83, mrr: 0.68, falseRefusals: 0.03, farRefused: 0.45 },
  sandbox: { recallAt5: 0.74, mrr: 0.61, falseRefusals: 0.03, farRefused: 0.45 },
  realistic: { recallAt5: 0.92, mrr: 0.8, falseRefusals: 0.03, farRefused: 0.9 },
} as const satisfies Record<string, ScoreGate>;

/** One sentence for each metric that misses the gate. */
export function gateMisses({ score, gate, name }: { score: Score; gate: ScoreGate; name: string }): string[] {
  const recallAt5 = score.recall[5] ?? 0;
  const farRefused = score.refused['unanswerable-far'] ?? 0;
  const rows: [metric: string, value: number, passes: boolean, required: string][] = [
    ['recall@5', recallAt5, recallAt5 >= gate.recallAt5, `at least ${gate.recallAt5}`],
    ['MRR', score.mrr, score.mrr >= gate.mrr, `at least ${gate.mrr}`],
    [
      'false refusals',
      score.falseRefusals,
      score.falseRefusals <= gate.falseRefusals,
      `at most ${gate.falseRefusals}`,
    ],
    ['off-topic questions refused', farRefused, farRefused >= gate.farRefused, `at least ${gate.farRefused}`],
  ];
  return rows
    .filter(([, , passes]) => !passes)
    .map(([metric, value, , required]) => `${name}: ${metric} is ${value.toFixed(3)}, required ${required}.`);
}
