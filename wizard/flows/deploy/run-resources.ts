import { cancelledEarly } from '../../interview/flow.ts';
import { exitCodes, type Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { RunEvent } from '../../model/run/event.ts';
import { relay, type Session } from '../../model/runtime.ts';
import { bookReport } from '../../deployment/book/book-report.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { Resource } from '../../interview/fact-store.ts';
import type { FlowQuestion } from '../../interview/flow.ts';
import { isFrontendSettled } from '../../interview/frontend/frontend-flow.ts';
import { expiringRows, isRetentionOpen } from '../../interview/retention-question.ts';
import { journalCreated } from '../../interview/provisioning/created-here.ts';
import { apply } from '../../run/apply.ts';
import { planFor } from '../../run/plan.ts';
import { retryableFailure } from '../../interview/retryable-failure.ts';
import { cancelledLate } from '../retry-question.ts';
import type { DeployState, PlannedRun } from './deploy-state.ts';
import {
  cleanUpPreviousProject,
  previousProjectIn,
  readLeftovers,
  undecidedLeftovers,
} from './previous/previous-project.ts';
import {
  placeChanges,
  previousPlacesIn,
  readPreviousPlaces,
  removePreviousPlaces,
  reportKeptPlaces,
  undecidedPlace,
} from './previous/previous-place.ts';
import { orPlanFailure } from './recover-from-refusal.ts';
import { needsServerKey } from './creation/server-key.ts';
import { buildRunContext } from './run-context.ts';
import { reportCreatedResources } from './summarise-interrupted-run.ts';

/** The plan, once everything is decided. Emits it. */
export function planResource(session: Session): Resource<DeployState> {
  return {
    id: 'plan',
    key: (state) => {
      const { draft, writesChange, proposedTargets, chosenTargets, leftovers, removals, retention } = state;
      const { previousPlaces, placeRemovals } = state;
      if (draft === undefined || !hasFrontend(session, state) || needsServerKey(session, state)) return null;
      if (previousPlaces === undefined || undecidedPlace(state) !== null) return null;
      if (undecidedLeftovers(state) !== null || (needsLeftovers(state) && leftovers === undefined))
        return null;
      if (isRetentionOpen(state) || (asksRetention(state) && state.expiring === undefined)) return null;
      const choices = [writesChange, proposedTargets, chosenTargets, retention];
      const { qdrantServerKey } = state;
      return [draft, ...choices, leftovers, removals, previousPlaces, placeRemovals, qdrantServerKey];
    },
    load: (state) =>
      orPlanFailure(session, { state, load: async () => ({ run: await planRun(session, state) }) }),
  };
}

/** Whether the frontend is decided on, or left alone. */
function hasFrontend(session: Session, state: DeployState): boolean {
  return buildRunContext(session, state).settings.frontend === 'skip' || isFrontendSettled(state);
}

/** Whether what earlier runs set at other projects may be removed. */
function needsLeftovers({ mode }: DeployState): boolean {
  return mode?.type === 'update' && mode.isOtherProject;
}

/** What earlier runs set at other projects, where it may be removed. */
export function leftoversResource(session: Session): Resource<DeployState> {
  return {
    id: 'leftovers',
    key: (state) =>
      needsLeftovers(state) && state.draft !== undefined && state.proposedTargets !== undefined
        ? [state.draft]
        : null,
    load: (state) =>
      orPlanFailure(session, {
        state,
        load: async () => ({ leftovers: await readLeftovers(buildRunContext(session, state)) }),
      }),
  };
}

/** Only a person can be asked, and only about a database that has something. */
function asksRetention({ isInteractive, postgres }: DeployState): boolean {
  return isInteractive && postgres?.verdict === 'accepted' && postgres.credential.isEmpty === false;
}

/** Where the book's server was until now, when this run moves it. */
export function previousPlacesResource(session: Session, inputs: CommandInputs): Resource<DeployState> {
  return {
    id: 'previous-places',
    key: (state) =>
      state.draft !== undefined && hasFrontend(session, state) ? [state.draft, state.answers] : null,
    load: async (state) => {
      const context = buildRunContext(session, state);
      const { answers } = state;
      return { previousPlaces: await readPreviousPlaces(session, { context, inputs, answers }) };
    },
  };
}

/**
 * The rows that a retention would delete, for a server that is new to a database with conversations. One that takes
 * another's place keeps the retention of that.
 */
export function retentionResource(session: Session): Resource<DeployState> {
  return {
    id: 'retention',
    key: (state) => {
      const { draft, previousPlaces } = state;
      const isKnown = draft !== undefined && previousPlaces !== undefined;
      return asksRetention(state) && isKnown ? [draft, previousPlaces] : null;
    },
    load: (state) =>
      orPlanFailure(session, {
        state,
        load: async () => ({ expiring: await expiringRows(buildRunContext(session, state)) }),
      }),
  };
}

async function planRun(session: Session, state: DeployState): Promise<PlannedRun> {
  const context = buildRunContext(session, state);
  const previous = previousProjectIn(state);
  const plan = await planFor({ context });
  for (const event of await bookReport(context)) session.emit(event);
  const previousPlaces = previousPlacesIn(state);
  const removals = placeChanges(previousPlaces.removed);
  const changes = [...plan.changes, ...(previous?.changes ?? []), ...removals];
  session.emit({ type: 'plan-ready', target: plan.target, changes });
  return {
    context,
    plan: { ...plan, changes, remarks: [...madeRemarks(state), ...plan.remarks] },
    previous,
    previousPlaces,
    journalLength: context.journal.entries.length,
    completed: new Set(),
  };
}

/** What this run made before its plan, in words. */
function madeEarly({ createdQdrant, createdPostgres }: DeployState): string[] {
  return [
    ...(createdQdrant?.isNew === true ? ['the cluster'] : []),
    ...(createdPostgres?.isNew === true ? ['the database'] : []),
  ];
}

/** What was made before the plan, because its checks need it; `undo` takes it back. */
function madeRemarks({ createdQdrant, createdPostgres }: DeployState): string[] {
  return [
    ...(createdQdrant === undefined ? [] : [`The cluster: ${createdQdrant.what}.`]),
    ...(createdPostgres === undefined ? [] : [`The database: ${createdPostgres.what}.`]),
  ];
}

/** The run itself, once its plan is accepted. A failure that the user can be asked about becomes a fact. */
export function runResource(session: Session, confirm: FlowQuestion<DeployState>): Resource<DeployState> {
  return {
    id: 'run',
    key: (state) => (state.run === undefined || confirm.isOpen(state) ? null : [state.run, state.runAttempt]),
    load: async (state) => {
      const { run, recovery, isInteractive } = state;
      if (run === undefined) return {};
      try {
        await journalCreated(session, {
          journal: run.context.journal,
          space: run.context.target.space,
          cluster: state.createdQdrant?.keyTools.cluster ?? null,
          project: state.createdPostgres?.project ?? null,
        });
        await recovery?.(run.context);
        return { result: await carryOut(session, run) };
      } catch (error) {
        const failure = retryableFailure(session, { isInteractive, error });
        if (failure !== null) return { failure };
        await reportCreatedResources(session, run);
        throw error;
      }
    },
  };
}

async function carryOut(
  session: Session,
  { context, plan, previous, previousPlaces, completed }: PlannedRun,
): Promise<CommandResult> {
  let exitCode: number = exitCodes.done;
  const emit = (event: RunEvent): void => {
    if (event.type === 'step-done' && event.outcome !== 'failed') completed.add(event.step);
    if (event.type === 'step-done' && event.outcome === 'unproven') exitCode = exitCodes.unproven;
    session.emit(event);
  };
  const { space, url, health, frontend } = await relay(apply({ context, plan }), emit);
  if (previous !== null) await cleanUpPreviousProject(session, { context, previous });
  await removePreviousPlaces(session, previousPlaces.removed);
  reportKeptPlaces(session, previousPlaces.kept);
  return { deployment: { space, url, health, frontend }, exitCode };
}

/** The Failure that Ctrl-C ends with; after a failed run, what was created is reported first. */
export async function cancelDeployment(session: Session, state: DeployState): Promise<Failure> {
  const { run, failure } = state;
  if (run === undefined || failure === undefined) return cancelledEarly(madeEarly(state));
  await reportCreatedResources(session, run);
  return cancelledLate(failure);
}
