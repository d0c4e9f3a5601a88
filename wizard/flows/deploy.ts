import type { CommandResult } from '../model/run/command-result.ts';
import { exitCodes } from '../model/failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import type { Plan, StepId } from '../model/run/plan.ts';
import { apply } from '../run/apply.ts';
import { planFor } from '../run/plan.ts';
import { bookReport } from '../deployment/book/book-report.ts';
import type { RunContext } from '../deployment/context.ts';
import { cancelledLate } from '../interview/cancelled.ts';
import { isConfirmed } from '../interview/confirm-old.ts';
import { settleFrontend } from './frontend.ts';
import { reportCreatedResources } from './summarise-interrupted-run.ts';
import { cleanUpPreviousProject, offerPreviousProject, type PreviousProject } from './previous-project.ts';
import { withContext } from './run-context.ts';
import { firstTime, type Task } from './task.ts';
import { offerRetry } from './offer-retry.ts';
import type { Recovery } from './retry-question.ts';
import { relay, type Session } from '../model/runtime.ts';

/**
 * Everything, from the first question to a proved answer; null when the person goes back to where the task was
 * chosen. Throws Failure.
 */
export async function deploy(session: Session, task: Task): Promise<CommandResult | null> {
  return withContext(session, task, async (looked) => {
    const settled = await settleFrontend(session, looked);
    if (settled === 'back') return 'back';
    const offered = await offerPreviousProject(session, { context: settled, task });
    if (offered === 'back') return 'back';
    const { context, old } = offered;
    const plan = await showPlan(session, context, old);
    if (!(await isConfirmed(session, plan))) return 'back';
    return () => carryOut(session, { context, plan, old });
  });
}

type Work = { context: RunContext; plan: Plan; old: PreviousProject | null };

/** A run that fails says what stands; where a person can be asked, it first offers the way on. */
async function carryOut(session: Session, work: Work): Promise<CommandResult | 'back' | 'again'> {
  const { context, plan } = work;
  const before = context.journal.entries.length;
  const ended = new Set<StepId>();
  const emit = (event: RunEvent): void => {
    if (event.type === 'step-done' && event.outcome !== 'failed') ended.add(event.step);
    session.emit(event);
  };
  let mend: Recovery | null = null;
  for (;;) {
    try {
      await mend?.(context);
      return await applied(session, { ...work, emit });
    } catch (error) {
      const { way, first = null } = await offerRetry(session, error);
      mend = first;
      if (way === 'retry') continue;
      if (way === 'back' || way === 'again') return way;
      await reportCreatedResources(session, { context, plan, before, ended });
      throw way === 'cancel' ? cancelledLate(error) : error;
    }
  }
}

async function applied(
  session: Session,
  { context, plan, old, emit }: Work & { emit: (event: RunEvent) => void },
): Promise<CommandResult> {
  const { space, url, health, frontend } = await relay(apply({ context, plan }), emit);
  if (old !== null) await cleanUpPreviousProject(session, { context, old });
  return { deployment: { space, url, health, frontend }, exitCode: exitCodes.done };
}

/** The plan alone: reads, and changes nothing. */
export async function plan(session: Session): Promise<CommandResult> {
  const ended = await withContext(session, firstTime(), async (looked) => {
    // A plan asks nothing, so there is no way back from it.
    const settled = await settleFrontend({ ...session, flags: readOnly(session.flags) }, looked);
    const context = settled === 'back' ? looked : settled;
    const { changes } = await showPlan(session, context, null);
    const isPending = changes.some((change) => change.kind !== 'unchanged');
    const exitCode =
      isPending && session.flags.detailedExitCode ? exitCodes['changes-pending'] : exitCodes.done;
    return async (): Promise<CommandResult> => ({ deployment: null, exitCode });
  });
  return ended ?? { deployment: null, exitCode: exitCodes.done };
}

/** A plan shows the change of the frontend's files and makes none. */
function readOnly(flags: Session['flags']): Session['flags'] {
  return { ...flags, yes: true, writeFrontend: false };
}

async function showPlan(session: Session, context: RunContext, old: PreviousProject | null): Promise<Plan> {
  const made = await planFor({ context });
  for (const event of await bookReport(context)) session.emit(event);
  const changes = [...made.changes, ...(old?.changes ?? [])];
  session.emit({ type: 'plan-ready', target: made.target, changes });
  return { ...made, changes };
}
