import type { Outcome, RunEvent } from '../model/run/event.ts';
import type { JournalEntry } from '../model/run/journal.ts';
import type { Change, ChangeKind, StepId } from '../model/run/plan.ts';
import type { Service } from '../model/service.ts';
import type { RunContext } from '../deployment/context.ts';

export type ProofAnswer = { question: string; text: string; cited: readonly string[] };

export type StepResult = {
  outcome: Outcome;
  reason: string;
  /** What the last step asked, and what came back. */
  answer?: ProofAnswer;
};

/** How the steps before this one ended in this run; empty while a plan is made. */
export type PreviousOutcomes = ReadonlyMap<StepId, Outcome>;

export type StepPlan = {
  change: Change;
  /** Why the step has nothing to do here at all; null when it has. */
  skip: string | null;
  /** Brings about the change; null when nothing is to be done. */
  run: (() => AsyncGenerator<RunEvent, StepResult>) | null;
};

/** One named, idempotent change to one place. */
export type Step = {
  id: StepId;
  service: Service;
  /** Its plan says "changes" when one of these does. */
  affectedBy: readonly StepId[];
  /** Reads only. Throws Failure when the change would be refused or do harm. */
  inspect(context: RunContext, earlier: PreviousOutcomes): Promise<StepPlan>;
};

type StepName = Pick<Step, 'id' | 'service'>;

export function unchanged({ id, service }: StepName, what: string): StepPlan {
  return { change: { step: id, service, kind: 'unchanged', what }, skip: null, run: null };
}

export function skipped({ id, service }: StepName, why: string): StepPlan {
  return { change: { step: id, service, kind: 'unchanged', what: why }, skip: why, run: null };
}

export function planChange(
  { id, service }: StepName,
  kind: ChangeKind,
  what: string,
  run: () => AsyncGenerator<RunEvent, StepResult>,
): StepPlan {
  return { change: { step: id, service, kind, what }, skip: null, run };
}

export function progress(
  { id, service }: StepName,
  { done, total, note }: { done: number; total: number; note: string },
): RunEvent {
  return { type: 'step-progress', step: id, service, done, total, note };
}

/** Says in the journal what is about to be changed, changes it, and says that it was. */
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

export type SummaryItem = { name: string; kind: ChangeKind };

/** Several changes as one: the weightiest kind; a few are named, many alike are counted (`4 secrets`). */
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
