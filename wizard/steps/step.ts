import type { RunContext } from '../deployment/context.ts';
import { hostingService } from '../hosting/hosting-of.ts';
import type { Outcome, RunEvent } from '../model/run/event.ts';
import type { JournalEntry } from '../model/run/journal.ts';
import type { Change, ChangeKind, StepId } from '../model/run/plan.ts';
import type { Service } from '../model/service.ts';

/** How a step ended, with a sentence for the user. */
export type StepResult = { outcome: Outcome; reason: string };

/** How the steps before this one ended in this run; empty while the plan is made. */
export type PreviousOutcomes = ReadonlyMap<StepId, Outcome>;

/** What a step would do. */
export type StepPlan = {
  change: Change;
  /** Why the step does not apply to this run; null when it does. */
  skip: string | null;
  /** Makes the change; null when there is nothing to do. */
  run: (() => AsyncGenerator<RunEvent, StepResult>) | null;
};

/** One named, idempotent change to one place. */
export type Step = {
  id: StepId;
  /** Whose vendor; of a step about the server's place, that of its hosting. */
  service: Service | ((context: Pick<RunContext, 'target'>) => Service);
  /** Its plan says "changes" when one of these changes something. */
  affectedBy: readonly StepId[];
  /** Reads only. Throws Failure when the change would be refused or do harm. */
  inspect(context: RunContext, previous: PreviousOutcomes): Promise<StepPlan>;
};

type StepName = { id: StepId; service: Service };

/** A step about the place where the server runs, with the vendor of this run's hosting. */
export function hostedStep(context: { target: { space: string } }, id: StepId): StepName {
  return { id, service: hostingService(context) };
}

/** Everything is as it should be. */
export function unchanged({ id, service }: StepName, what: string): StepPlan {
  return { change: { step: id, service, kind: 'unchanged', what }, skip: null, run: null };
}

/** The step does not apply to this run. */
export function skipped({ id, service }: StepName, why: string): StepPlan {
  return { change: { step: id, service, kind: 'unchanged', what: why }, skip: why, run: null };
}

/** Something is to be done, by `run`. */
export function planChange(
  { id, service }: StepName,
  kind: ChangeKind,
  what: string,
  run: () => AsyncGenerator<RunEvent, StepResult>,
): StepPlan {
  return { change: { step: id, service, kind, what }, skip: null, run };
}

/** The settings were part of the request that created the place, so nothing is left to do. */
export function setAtCreation(step: StepName, what: string): StepPlan {
  // oxlint-disable-next-line require-yield -- nothing is left to be done
  return planChange(step, 'new', what, async function* () {
    return { outcome: 'changed', reason: `${what}, given to it at its creation` };
  });
}

/** The event that shows how far a step is. */
export function progress(
  { id, service }: StepName,
  { done, total, note }: { done: number; total: number; note: string },
): RunEvent {
  return { type: 'step-progress', step: id, service, done, total, note };
}

/** Writes the intent to the journal, makes the change, and writes that it is done. */
export async function withJournal<T>(
  context: Pick<RunContext, 'journal'>,
  entry: Omit<JournalEntry, 'at' | 'type'>,
  write: () => Promise<T>,
): Promise<T> {
  await context.journal.add({ ...entry, type: 'intent' });
  const result = await write();
  await context.journal.add({ ...entry, type: 'done' });
  return result;
}

type SummaryItem = { name: string; kind: ChangeKind };

/** Several changes as one: the weightiest kind; a few are named, more are counted (`4 secrets`). */
export function summariseChanges(
  items: readonly SummaryItem[],
  noun: string,
): { kind: ChangeKind; what: string } {
  const order: readonly ChangeKind[] = ['new', 'changes', 'unknown', 'extra', 'unchanged'];
  const groups = order
    .map((kind) => ({ kind, names: items.filter((item) => item.kind === kind).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 0);
  const [first, ...others] = groups;
  if (first === undefined) return { kind: 'unchanged', what: `no ${noun}s` };
  if (others.length === 0) return { kind: first.kind, what: listOrCount(first.names, noun) };
  const parts = groups.map(({ kind, names }) =>
    kind === 'unchanged' ? `${names.length} unchanged` : `${kind}: ${listOrCount(names, noun)}`,
  );
  return { kind: first.kind, what: parts.join('; ') };
}

function listOrCount(names: readonly string[], noun: string): string {
  return names.length > 3 ? `${names.length} ${noun}s` : names.join(', ');
}
