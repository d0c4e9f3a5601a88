import type { Outcome, RunEvent } from '../model/event.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { Change, ChangeKind, StepId } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import type { RunContext } from './context.ts';

export type Answer = { question: string; text: string; cited: readonly string[] };

export type Done = {
  outcome: Outcome;
  reason: string;
  /** What the last step asked, and what came back. */
  answer?: Answer;
};

/** How the steps before this one ended in this run; empty while a plan is made. */
export type Earlier = ReadonlyMap<StepId, Outcome>;

export type Look = {
  change: Change;
  /** Why the step has nothing to do here at all; null when it has. */
  skip: string | null;
  /** Brings about the change; null when nothing is to be done. */
  run: (() => AsyncGenerator<RunEvent, Done>) | null;
};

/** One named, idempotent change to one place. */
export type Step = {
  id: StepId;
  service: Service;
  /** Its plan says "changes" when one of these does. */
  follows: readonly StepId[];
  /** Reads only. Throws Failure when the change would be refused or do harm. */
  look(context: RunContext, earlier: Earlier): Promise<Look>;
};

type Named = Pick<Step, 'id' | 'service'>;

export function unchanged({ id, service }: Named, what: string): Look {
  return { change: { step: id, service, kind: 'unchanged', what }, skip: null, run: null };
}

export function skipped({ id, service }: Named, why: string): Look {
  return { change: { step: id, service, kind: 'unchanged', what: why }, skip: why, run: null };
}

export function toDo(
  { id, service }: Named,
  kind: ChangeKind,
  what: string,
  run: () => AsyncGenerator<RunEvent, Done>,
): Look {
  return { change: { step: id, service, kind, what }, skip: null, run };
}

export function progress(
  { id, service }: Named,
  { done, total, note }: { done: number; total: number; note: string },
): RunEvent {
  return { type: 'step-progress', step: id, service, done, total, note };
}

/** Says in the journal what is about to be changed, changes it, and says that it was. */
export async function journaled<T>(
  context: Pick<RunContext, 'journal'>,
  entry: Omit<JournalEntry, 'at' | 'type'>,
  write: () => Promise<T>,
): Promise<T> {
  await context.journal.add({ ...entry, type: 'intent' });
  const result = await write();
  await context.journal.add({ ...entry, type: 'done' });
  return result;
}

export type Item = { name: string; kind: ChangeKind };

/** Several changes as one: the weightiest kind; a few are named, many alike are counted (`4 secrets`). */
export function summarise(items: readonly Item[], noun: string): { kind: ChangeKind; what: string } {
  const order: readonly ChangeKind[] = ['new', 'changes', 'unknown', 'extra', 'unchanged'];
  const groups = order
    .map((kind) => ({ kind, names: items.filter((item) => item.kind === kind).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 0);
  const [first, ...others] = groups;
  if (first === undefined) return { kind: 'unchanged', what: `no ${noun}s` };
  if (others.length === 0) return { kind: first.kind, what: counted(first.names, noun) };
  const parts = groups.map(({ kind, names }) =>
    kind === 'unchanged' ? `${names.length} unchanged` : `${kind}: ${counted(names, noun)}`,
  );
  return { kind: first.kind, what: parts.join('; ') };
}

function counted(names: readonly string[], noun: string): string {
  return names.length > 3 ? `${names.length} ${noun}s` : names.join(', ');
}
