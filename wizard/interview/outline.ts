import type { Answers } from '../model/answers.ts';
import { phases, type KeyEntry, type Outline, type Phase } from '../model/display/outline.ts';
import type { Service } from '../model/service.ts';
import { requiredAnswers } from '../probes/required-answers.ts';
import type { FlowQuestion } from './flow.ts';
import { offered, type InterviewState } from './interview-state.ts';
import { shownValue } from './value-question.ts';

/** What a flow adds to its outline. */
export type OutlineParts<S> = {
  /** The services whose credentials it needs, in the order in which they are asked for. */
  servicesIn(state: S): readonly Service[];
  /** Those whose values are on the server already. */
  keptIn?(state: S): readonly Service[];
  /** What was created instead of being asked for. */
  createdIn?(state: S): Answers;
  /** By default the Space that was named. */
  targetIn?(state: S): string | null;
  /** Decided targets, by what they are called on the screen. */
  targetsIn?(state: S): Readonly<Record<string, string | null | undefined>>;
};

/** The outline of a flow at a question, or at a wait after one of `phase`. */
export function outlineOf<S extends InterviewState>(
  parts: OutlineParts<S>,
  options: { state: S; questions: readonly FlowQuestion<S>[]; phase: Phase },
): Outline {
  const { state, questions, phase } = options;
  const kept = parts.keptIn?.(state) ?? [];
  const answers = { ...parts.createdIn?.(state), ...state.answers };
  const used = new Set(questions.map((question) => question.phase ?? phase));
  const targets = Object.entries(parts.targetsIn?.(state) ?? {});
  return {
    phases: phases.filter((candidate) => used.has(candidate)),
    phase,
    target: parts.targetIn === undefined ? (state.answers.HF_SPACE?.value ?? null) : parts.targetIn(state),
    keys: parts
      .servicesIn(state)
      .map((service) =>
        kept.includes(service)
          ? { service, state: 'kept', shown: '', source: '' }
          : keyEntry({ ...state, answers }, service),
      ),
    targets: targets.flatMap(([label, value]) => (value == null ? [] : [{ label, value }])),
  };
}

/** The last value of a service names it: a cluster's key comes after its address. */
function keyEntry(state: InterviewState, service: Service): KeyEntry {
  const names = requiredAnswers[service];
  const isComplete = (answers: Answers): boolean => names.every((name) => answers[name] !== undefined);
  const options = Object.fromEntries(
    names.map((name) => [name, state.answers[name] ?? offered(state, name, undefined) ?? undefined]),
  );
  const last = names.at(-1);
  const value = last === undefined ? undefined : (options as Answers)[last];
  if (last === undefined || value === undefined || !isComplete(options))
    return { service, state: 'missing', shown: '', source: '' };
  const entry = { service, shown: shownValue(last, value.value), source: value.source };
  return { ...entry, state: isComplete(state.answers) ? 'given' : 'offered' };
}
