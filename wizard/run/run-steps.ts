import type { Outcome, RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import { stepTitles, type StepId } from '../model/run/plan.ts';
import type { Service } from '../model/service.ts';
import type { StepResult, PreviousOutcomes, StepPlan } from '../steps/step.ts';

type Timed = { now: () => number; signal: AbortSignal };

/** A step that needs no more than this context. */
export type RunnableStep<C> = {
  id: StepId;
  service: Service;
  inspect(context: C, earlier: PreviousOutcomes): Promise<StepPlan>;
};

type StepsRun<C> = {
  context: C;
  steps: readonly RunnableStep<C>[];
  /** What must have ended before a step begins, of what is in this run; unsaid, each waits for the one before it. */
  needs?: Readonly<Record<StepId, readonly StepId[]>>;
  /** How steps that ran before these ended. */
  earlier?: PreviousOutcomes;
  /** May refuse what a look found. */
  check?: (step: StepId, look: StepPlan) => void;
};

/**
 * Runs steps, side by side where nothing keeps them apart; each looks again before it changes anything. When one
 * fails, those beside it are ended.
 *
 * @throws whatever the first step that fails throws, after the `step-done` of every step that began.
 */
export async function* runSteps<C extends Timed>(
  run: StepsRun<C>,
): AsyncGenerator<RunEvent, readonly StepResult[]> {
  const { steps, needs, check = () => undefined } = run;
  const halt = new AbortController();
  const context = { ...run.context, signal: AbortSignal.any([run.context.signal, halt.signal]) };
  const earlier = new Map(run.earlier);
  const ended = new Map<StepId, StepResult>();
  const turns = new Map<StepId, Turn>();
  const waiting = new Set(steps);
  const failures: unknown[] = [];
  const { signal } = run.context;
  for (;;) {
    const mayBegin = failures.length === 0 && !signal.aborted;
    for (const step of mayBegin ? waiting : []) {
      const before = needs?.[step.id] ?? steps.slice(0, steps.indexOf(step)).map(({ id }) => id);
      if (!before.every((id) => ended.has(id) || !steps.some((one) => one.id === id))) continue;
      waiting.delete(step);
      turns.set(step.id, turnOf(step.id, runStep({ context, step, earlier, check, halt: halt.signal })));
    }
    if (turns.size === 0) break;
    const { id, turn, said, error } = await Promise.race([...turns.values()].map(({ next }) => next));
    turns.delete(id);
    if (said === null) {
      failures.push(error);
      // A person’s end reaches every step by itself.
      if (!signal.aborted) halt.abort(endedEarly(id));
    } else if (said.done === true) {
      earlier.set(id, said.value.outcome);
      ended.set(id, said.value);
    } else {
      turns.set(id, turnOf(id, turn.events));
      yield said.value;
    }
  }
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return steps.flatMap(({ id }) => ended.get(id) ?? []);
}

type Events = AsyncGenerator<RunEvent, StepResult>;
type StepSignal = {
  id: StepId;
  turn: { events: Events };
  said: IteratorResult<RunEvent, StepResult> | null;
  error: unknown;
};
type Turn = { events: Events; next: Promise<StepSignal> };

/** A step’s next word; a failure is a word too, so that nobody has to catch what is not waited for just now. */
function turnOf(id: StepId, events: Events): Turn {
  const turn = { events };
  const next = events.next().then(
    (said): StepSignal => ({ id, turn, said, error: null }),
    (error: unknown): StepSignal => ({ id, turn, said: null, error }),
  );
  return { events, next };
}

/** The reason by which the steps beside one that failed are ended. */
function endedEarly(id: StepId): Failure {
  return new Failure({
    code: 'ended-early',
    message: `ended early, because “${stepTitles[id]}” failed`,
    remedy: 'Run again: it goes on from what stands.',
  });
}

async function* runStep<C extends Timed>({
  context,
  step,
  earlier,
  check,
  halt,
}: {
  context: C;
  step: RunnableStep<C>;
  earlier: PreviousOutcomes;
  check: (step: StepId, look: StepPlan) => void;
  /** Aborted, with its reason, when a step beside this one failed. */
  halt: AbortSignal;
}): AsyncGenerator<RunEvent, StepResult> {
  const { id, service } = step;
  const startedAt = context.now();
  const done = (outcome: Outcome, reason: string): RunEvent => {
    const ms = Math.round(context.now() - startedAt);
    return { type: 'step-done', step: id, service, outcome, reason, ms };
  };
  yield { type: 'step-started', step: id, service };
  try {
    const look = await step.inspect(context, earlier);
    check(id, look);
    const result = yield* carryOut(look);
    yield done(result.outcome, result.reason);
    return result;
  } catch (error) {
    // The person ended it: that is no step’s failure.
    if (!halt.aborted) context.signal.throwIfAborted();
    const cause = halt.aborted && !(error instanceof Failure) ? halt.reason : error;
    yield done('failed', cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
}

async function* carryOut(look: StepPlan): AsyncGenerator<RunEvent, StepResult> {
  if (look.skip !== null) return { outcome: 'skipped', reason: look.skip };
  if (look.run === null) return { outcome: 'unchanged', reason: look.change.what };
  return yield* look.run();
}
