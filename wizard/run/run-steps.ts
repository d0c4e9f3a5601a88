import { Failure } from '../model/failure.ts';
import type { Outcome, RunEvent } from '../model/run/event.ts';
import { stepTitle, type StepId } from '../model/run/plan.ts';
import type { Service } from '../model/service.ts';
import type { PreviousOutcomes, StepPlan, StepResult } from '../steps/step.ts';

/** A step that needs only this context. */
export type RunnableStep<C> = {
  id: StepId;
  service: Service | ((context: C) => Service);
  inspect(context: C, previous: PreviousOutcomes): Promise<StepPlan>;
};

type StepsRun<C> = {
  context: C;
  steps: readonly RunnableStep<C>[];
  /** Which of these steps must have ended before a step begins; by default each waits for those before it. */
  dependencies?: Readonly<Record<StepId, readonly StepId[]>>;
  /** Throws to refuse a step's plan. */
  check?: (step: StepId, plan: StepPlan) => void;
};

/**
 * Runs steps, side by side where no dependency forbids it; each inspects again before it changes anything. When a step
 * fails, those beside it are aborted.
 *
 * @throws whatever the first step that fails throws, after the `step-done` of every step that began.
 */
export async function* runSteps<C extends { now: () => number; signal: AbortSignal }>(
  run: StepsRun<C>,
): AsyncGenerator<RunEvent, void> {
  const { steps, dependencies, check = () => undefined } = run;
  const halt = new AbortController();
  const { signal } = run.context;
  const context = { ...run.context, signal: AbortSignal.any([signal, halt.signal]) };
  const previous = new Map<StepId, Outcome>();
  const turns = new Map<StepId, Turn>();
  const waiting = new Set(steps);
  const failures: unknown[] = [];
  for (;;) {
    const mayBegin = failures.length === 0 && !signal.aborted;
    for (const step of mayBegin ? waiting : []) {
      const before = dependencies?.[step.id] ?? steps.slice(0, steps.indexOf(step)).map(({ id }) => id);
      if (!before.every((id) => previous.has(id) || !steps.some((other) => other.id === id))) continue;
      waiting.delete(step);
      const events = runStep({ context, step, previous, check, halt: halt.signal });
      turns.set(step.id, turnOf(step.id, events));
    }
    if (turns.size === 0) break;
    const { id, events, next, error } = await Promise.race(turns.values());
    turns.delete(id);
    if (next === null) {
      failures.push(error);
      // When the user aborts, every step sees that by itself.
      if (!signal.aborted) halt.abort(endedEarly(titleIn(steps, { id, context })));
    } else if (next.done === true) {
      previous.set(id, next.value.outcome);
    } else {
      turns.set(id, turnOf(id, events));
      yield next.value;
    }
  }
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

type StepEvents = AsyncGenerator<RunEvent, StepResult>;
/** `next` is null when the step failed. */
type StepSignal = {
  id: StepId;
  events: StepEvents;
  next: IteratorResult<RunEvent, StepResult> | null;
  error: unknown;
};
type Turn = Promise<StepSignal>;

/** A step's next event. A failure is a value too, so that a turn that is not awaited yet never rejects unhandled. */
function turnOf(id: StepId, events: StepEvents): Turn {
  return events.next().then(
    (next): StepSignal => ({ id, events, next, error: null }),
    (error: unknown): StepSignal => ({ id, events, next: null, error }),
  );
}

function serviceOf<C>({ service }: RunnableStep<C>, context: C): Service {
  return typeof service === 'function' ? service(context) : service;
}

function titleIn<C>(steps: readonly RunnableStep<C>[], { id, context }: { id: StepId; context: C }): string {
  const step = steps.find((other) => other.id === id);
  return stepTitle({ step: id, service: step === undefined ? null : serviceOf(step, context) });
}

/** Why the steps beside one that failed are aborted. */
function endedEarly(title: string): Failure {
  return new Failure({
    code: 'ended-early',
    message: `ended early, because “${title}” failed`,
    remedy: 'Run again: it resumes where it stopped.',
  });
}

async function* runStep<C extends { now: () => number; signal: AbortSignal }>({
  context,
  step,
  previous,
  check,
  halt,
}: {
  context: C;
  step: RunnableStep<C>;
  previous: PreviousOutcomes;
  check: (step: StepId, plan: StepPlan) => void;
  /** Aborted, with its reason, when a step beside this one fails. */
  halt: AbortSignal;
}): StepEvents {
  const { id } = step;
  const service = serviceOf(step, context);
  const startedAt = context.now();
  const done = (outcome: Outcome, reason: string): RunEvent => {
    const ms = Math.round(context.now() - startedAt);
    return { type: 'step-done', step: id, service, outcome, reason, ms };
  };
  yield { type: 'step-started', step: id, service };
  try {
    const plan = await step.inspect(context, previous);
    check(id, plan);
    const result = yield* carryOut(plan);
    yield done(result.outcome, result.reason);
    return result;
  } catch (error) {
    // An abort by the user is no failure of the step.
    if (!halt.aborted) context.signal.throwIfAborted();
    const cause = halt.aborted && !(error instanceof Failure) ? halt.reason : error;
    yield done('failed', cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
}

async function* carryOut({ change, skip, run }: StepPlan): StepEvents {
  if (skip !== null) return { outcome: 'skipped', reason: skip };
  if (run === null) return { outcome: 'unchanged', reason: change.what };
  return yield* run();
}
