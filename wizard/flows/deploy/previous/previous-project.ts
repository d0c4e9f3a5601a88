import type { VercelProject } from '../../../model/credential.ts';
import { createdResources, type CreatedResource } from '../../../model/run/created-resources.ts';
import type { Change } from '../../../model/run/plan.ts';
import type { Session } from '../../../model/runtime.ts';
import type { RunContext } from '../../../deployment/context.ts';
import { projectOrigins } from '../../../deployment/frontend/allowed-origins.ts';
import { projectLabel } from '../../../deployment/frontend/vercel-projects.ts';
import type { FlowQuestion } from '../../../interview/flow.ts';
import type { UndoAction } from '../../../steps/undo/undo-action.ts';
import { undoFrontendVariable } from '../../../steps/undo/undo-frontend-variable.ts';

/** What an earlier run set at a project that is not used any more. */
type ProjectLeftovers = {
  project: VercelProject;
  actions: readonly UndoAction[];
  /** Its origins, which may call the server. */
  origins: readonly string[];
};

export type PreviousProjectState = {
  leftovers?: readonly ProjectLeftovers[];
  /** Which projects lose their variable and origins, by id; for the leftovers that were shown. */
  removals: { on: readonly ProjectLeftovers[]; removes: ReadonlyMap<string, boolean> } | null;
};

/** What is taken from the previous projects, as the plan shows it. */
export type PreviousProject = { actions: readonly UndoAction[]; changes: readonly Change[] };

/** What earlier runs set at other projects than the run's. */
export async function readLeftovers(context: RunContext): Promise<ProjectLeftovers[]> {
  const { scope } = context.credentials.vercel;
  const variables = createdResources(context.journal.entries).filter(
    ({ thing, place }) => thing === 'frontend-variable' && place !== context.target.projectId,
  );
  const projects = [...new Set(variables.map(({ place }) => place))].flatMap(
    (id) => scope.projects.find((project) => project.id === id) ?? [],
  );
  return Promise.all(
    projects.map((project) =>
      leftoversAt(context, { project, variables: variables.filter(({ place }) => place === project.id) }),
    ),
  );
}

async function leftoversAt(
  context: RunContext,
  { project, variables }: { project: VercelProject; variables: readonly CreatedResource[] },
): Promise<ProjectLeftovers> {
  const { http, signal, credentials } = context;
  const credential = credentials.vercel;
  const undone = await Promise.all(
    variables.map((resource) => undoFrontendVariable({ http, signal }, { resource, project, credential })),
  );
  const target = { project: project.name, teamId: project.teamId, team: project.teamSlug };
  const { all, previews } = await projectOrigins({ http, signal, credentials, target }, project.id);
  return {
    project,
    actions: undone.flat().filter(({ run }) => run !== null),
    origins: [...all, ...(previews === null ? [] : [previews])],
  };
}

/** One question a project, though it may have the variable in several environments. */
export function previousProjectQuestion<S extends PreviousProjectState>(
  after: readonly string[],
): FlowQuestion<S> {
  return {
    id: 'old-project',
    after,
    isRevisited: false,
    isOpen: (state) => undecidedLeftovers(state) !== null,
    prompt: (state) => {
      const { project, actions = [], origins = [] } = undecidedLeftovers(state) ?? {};
      return {
        type: 'choice',
        name: 'old-project',
        title: `What of the old project, ${project === undefined ? '' : projectLabel(project)}?`,
        lines: [
          ...actions.map(({ what }) => `Its variable: ${what}.`),
          `Its origins, which may ask the server: ${origins.join(', ')}`,
        ],
        choices: [
          { value: 'keep', label: 'Keep both', note: 'its pages go on working' },
          { value: 'remove', label: 'Remove the variable and the origins', note: 'its chat ends' },
        ],
      };
    },
    answer: (state, reply) => {
      const { leftovers } = state;
      const undecided = undecidedLeftovers(state);
      if (reply.type !== 'choice' || leftovers === undefined || undecided === null) return state;
      const decided = [...removalsIn(state), [undecided.project.id, reply.value === 'remove'] as const];
      return { ...state, removals: { on: leftovers, removes: new Map(decided) } };
    },
  };
}

function removalsIn({ leftovers, removals }: PreviousProjectState): ReadonlyMap<string, boolean> {
  return removals !== null && removals.on === leftovers ? removals.removes : new Map<string, boolean>();
}

/** The first project that the user has not decided on; null when there is none. */
export function undecidedLeftovers(state: PreviousProjectState): ProjectLeftovers | null {
  const removals = removalsIn(state);
  return (state.leftovers ?? []).find(({ project }) => !removals.has(project.id)) ?? null;
}

function removed(state: PreviousProjectState): ProjectLeftovers[] {
  const removals = removalsIn(state);
  return (state.leftovers ?? []).filter(({ project }) => removals.get(project.id) === true);
}

/** Origins that may not call the server any more. */
export function removedOrigins(state: PreviousProjectState): string[] {
  return removed(state).flatMap(({ origins }) => origins);
}

/** Null where nothing is taken from a previous project. */
export function previousProjectIn(state: PreviousProjectState): PreviousProject | null {
  const projects = removed(state);
  if (projects.every(({ actions, origins }) => actions.length === 0 && origins.length === 0)) return null;
  const actions = projects.flatMap((project) => project.actions);
  const changes = actions.map(({ service, what }): Change => {
    return { step: 'set-frontend-variable', service, kind: 'extra', what };
  });
  return { actions, changes };
}

/** Done last, once the new project is proved. */
export async function cleanUpPreviousProject(
  session: Session,
  { context, previous }: { context: RunContext; previous: PreviousProject },
): Promise<void> {
  for (const { resource, what, run } of previous.actions) {
    context.signal.throwIfAborted();
    const { step, thing, id, place, previous: before } = resource;
    const entry = { step, thing, id, place, previous: before, change: 'removed' } as const;
    await context.journal.add({ ...entry, type: 'intent' });
    await run?.();
    await context.journal.add({ ...entry, type: 'done' });
    session.emit({ type: 'notice', code: 'undone', message: `Done: ${what}.`, remedy: '' });
  }
}
