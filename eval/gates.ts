import type { ScoreGate } from './gate.ts';

/** For the sample book's questions: by words alone, and with the small model that ships in a package. */
export const gates = {
  lexical: { recallAt5: 0.75, mrr: 0.6, falseRefusals: 0.03, farRefused: 0.45 },
  hybrid: { recallAt5: 0.83, mrr: 0.65, falseRefusals: 0.03, farRefused: 0.45 },
} as const satisfies Record<string, ScoreGate>;
