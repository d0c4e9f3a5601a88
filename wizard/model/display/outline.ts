import type { Service } from '../service.ts';

/** The parts of a run, in order. */
export const phases = ['keys', 'targets', 'plan', 'run'] as const;
export type Phase = (typeof phases)[number];

/** A service whose credential the run needs, and what is known of its values. */
export type KeyEntry = {
  service: Service;
  /** `offered`: found on this machine, not used yet. `kept`: already on the server, so not asked for. */
  state: 'missing' | 'offered' | 'given' | 'kept';
  /** What may be shown of the value that is given or offered. */
  shown: string;
  /** Where that came from. */
  source: string;
};

/** How far an interview has come: for the screen's header and its checklist. */
export type Outline = {
  phases: readonly Phase[];
  phase: Phase;
  /** The Space or project that is written to; null until it is known. */
  target: string | null;
  keys: readonly KeyEntry[];
  /** The targets that are decided. */
  targets: readonly { label: string; value: string }[];
};
