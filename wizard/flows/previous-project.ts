import type { Change } from '../model/run/plan.ts';
import type { VercelProject } from '../model/credential.ts';
import { createdResources, type CreatedResource } from '../model/run/created-resources.ts';
import type { RunContext } from '../deployment/context.ts';
import { projectOrigins } from '../deployment/frontend/allowed-origins.ts';
import { undoFrontendVariable } from '../steps/undo/undo-frontend-variable.ts';
import type { UndoAction } from '../steps/undo/undo-action.ts';
import { cancelledEarly } from '../interview/cancelled.ts';
import { projectLabel } from '../deployment/frontend/vercel-projects.ts';
import type { Task } from './task.ts';
import type { Session } from '../model/runtime.ts';

/** What is taken from the project that was wired before, as the plan shows it. */
export type PreviousProject = { undoings: readonly UndoAction[]; changes: readonly Change[] };

type Offered = { context: RunContext; old: PreviousProject | null };

/**
 * With another project chosen, the old one's variable and origins may go; unless told so, they stay. `back` leads to
 * the questions. Throws Failure, also when cancelled.
 */
export async function offerPreviousProject(
  session: Session,
  { context, task }: { context: RunContext; task: Task },
): Promise<Offered | 'back'> {
  const stays: Offered = { context, old: null };
  if (task.type !== 'again' || !task.isOtherProject) return stays;
  const { vercel } = context.credentials;
  const made = createdResources(context.journal.entries).filter(
    ({ thing, place }) => thing === 'frontend-variable' && place !== context.target.projectId,
  );
  const undoings: UndoAction[] = [];
  const leftOrigins: string[] = [];
  for (const place of new Set(made.map((one) => one.place))) {
    const project = vercel.scope.projects.find(({ id }) => id === place);
    if (project === undefined) continue;
    // One question a project, though it may have the variable in several environments.
    const left = await leftoversAt(context, { made: made.filter((one) => one.place === place), project });
    const fate = await ask(session, { project: projectLabel(project), ...left });
    if (fate === 'back') return 'back';
    if (fate === 'keep') continue;
    undoings.push(...left.undoings);
    leftOrigins.push(...left.origins);
  }
  if (undoings.length === 0 && leftOrigins.length === 0) return stays;
  const changes = undoings.map(({ service, what }): Change => {
    return { step: 'set-frontend-variable', service, kind: 'extra', what };
  });
  return {
    context: { ...context, settings: { ...context.settings, removedOrigins: leftOrigins } },
    old: { undoings, changes },
  };
}

type Has = { undoings: UndoAction[]; origins: string[] };

async function leftoversAt(
  context: RunContext,
  of: { made: readonly CreatedResource[]; project: VercelProject },
): Promise<Has> {
  const { made, project } = of;
  const { http, signal, credentials } = context;
  const credential = credentials.vercel;
  const found = await Promise.all(
    made.map((one) => undoFrontendVariable({ http, signal }, { resource: one, project, credential })),
  );
  const { id: projectId, name, teamId, teamSlug: team } = project;
  const target = { project: name, teamId, team };
  const { all, previews } = await projectOrigins({ http, signal, credentials, target }, projectId);
  const origins = [...all, ...(previews === null ? [] : [previews])];
  return { undoings: found.flat().filter(({ run }) => run !== null), origins };
}

async function ask(
  { renderer, runtime }: Session,
  { project, undoings, origins }: Has & { project: string },
): Promise<'keep' | 'remove' | 'back'> {
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'old-project',
      title: `What of the old project, ${project}?`,
      lines: [
        ...undoings.map(({ what }) => `Its variable: ${what}.`),
        `Its origins, which may ask the server: ${origins.join(', ')}`,
      ],
      choices: [
        { value: 'keep', label: 'Keep both', note: 'its pages go on working' },
        { value: 'remove', label: 'Remove the variable and the origins', note: 'its chat ends' },
      ],
      canGoBack: true,
    },
    { signal: runtime.signal },
  );
  if (reply.type === 'back') return 'back';
  if (reply.type !== 'choice') throw cancelledEarly();
  return reply.value === 'remove' ? 'remove' : 'keep';
}

/** Done last, once the new one is proved. */
export async function cleanUpPreviousProject(
  session: Session,
  { context, old }: { context: RunContext; old: PreviousProject },
): Promise<void> {
  for (const { resource: made, what, run } of old.undoings) {
    context.signal.throwIfAborted();
    const { step, thing, id, place, previous } = made;
    const entry = { step, thing, id, place, previous, change: 'removed' } as const;
    await context.journal.add({ ...entry, type: 'intent' });
    await run?.();
    await context.journal.add({ ...entry, type: 'done' });
    session.emit({ type: 'notice', code: 'undone', message: `Done: ${what}.`, remedy: '' });
  }
}
