import type { FrontendDeployment } from '../clients/vercel-schemas.ts';
import { deployFolder } from '../frontend/deploy-folder.ts';
import type { RunEvent } from '../model/event.ts';
import { awaitCommit, lacksCommit, pushCommand } from './await-commit.ts';
import { vercelOf, type FrontendWiring, type RunContext } from './context.ts';
import { followDeployment, longestDeploymentMs } from './follow-deployment.ts';
import { productionOne } from './frontend-variable.ts';
import { redeployFailure } from './redeploy-failures.ts';
import {
  journaled,
  progress,
  skipped,
  toDo,
  unchanged,
  type Done,
  type Earlier,
  type Look,
  type Step,
} from './step.ts';
import { writeFrontend } from './write-frontend.ts';

const me = { id: 'redeploy-frontend', service: 'vercel' } as const;

/** A site holds the values of the day it was built: a changed variable needs a new deployment. */
export const redeployFrontend: Step = { ...me, follows: ['set-frontend-variable'], look };

async function look(context: RunContext, earlier: Earlier): Promise<Look> {
  const { settings, target } = context;
  const { projectId } = target;
  if (settings.frontend === 'skip') return skipped(me, 'not wanted (--no-frontend)');
  if (projectId === null) return skipped(me, 'no Vercel project was given');
  const vercel = vercelOf(context);
  const [[newest], [ready], variables] = await Promise.all([
    vercel.deployments(projectId, { limit: 1 }),
    vercel.deployments(projectId, { state: 'READY', limit: 1 }),
    vercel.variables(projectId),
  ]);
  const dir = settings.wiring?.dir ?? null;
  const isByGit = dir !== null && (await vercel.isLinked(projectId));
  const changes = settings.wiring?.changes ?? [];
  if (changes.length > 0 && dir !== null) {
    const paths = changes.map(({ path }) => path).join(', ');
    const next = isByGit ? waitsFor(settings.wiring) : 'deploys the folder to production';
    return toDo(me, 'changes', `changes ${paths} in ${dir} as shown, then ${next}`, () =>
      rewired(context, { dir, isByGit }),
    );
  }
  if (isByGit && (await lacksCommit(context, newest))) {
    return toDo(me, 'changes', waitsFor(settings.wiring), () => awaitCommit(context));
  }
  const variable = productionOne(variables, settings.frontendVariable);
  const writtenAt = variable?.updatedAt ?? variable?.createdAt ?? 0;
  if (newest !== undefined && newest.createdAt >= writtenAt && isUnderWay(newest, context.now())) {
    const what = `deployment ${newest.id} is under way, and is waited for`;
    return toDo(me, 'unchanged', what, () => followDeployment(context, newest));
  }
  if (ready === undefined && newest !== undefined && isUnderWay(newest, context.now())) {
    const what = `deployment ${newest.id}, under way, is built anew when it is there`;
    return toDo(me, 'changes', what, () => redeployAfter(context, newest));
  }
  if (dir !== null && ready === undefined) {
    return toDo(me, 'new', `the folder ${dir}, deployed to production`, () => deploy(context, dir));
  }
  if (ready === undefined) return skipped(me, neverDeployed);
  const isOld = ready.createdAt < writtenAt;
  const isIdle = settings.wiring?.isSameOrigin === true || (variable !== null && !isOld);
  if (isIdle && earlier.get('set-frontend-variable') !== 'changed') {
    return unchanged(me, `deployment ${ready.id} is newer than the variable`);
  }
  const what = `the newest production deployment (${ready.id}), built anew`;
  return toDo(me, 'changes', what, () => redeploy(context, ready));
}

const waitsFor = (wiring: FrontendWiring | undefined): string =>
  wiring?.awaitsPush === true
    ? 'waits for the deployment of your commit'
    : 'ends here, for you to commit and push; a second run goes on';

async function* rewired(
  context: RunContext,
  { dir, isByGit }: { dir: string; isByGit: boolean },
): AsyncGenerator<RunEvent, Done> {
  const paths = await writeFrontend(context);
  if (paths.length > 0) {
    const message = `Changed in ${dir}: ${paths.join(', ')}. ${isByGit ? 'Committing and pushing is yours.' : ''}`;
    const remedy = isByGit ? pushCommand(paths) : '';
    yield { type: 'notice', code: 'frontend-changed', message: message.trim(), remedy };
  }
  return yield* isByGit ? awaitCommit(context) : deploy(context, dir);
}

const neverDeployed =
  'the project has no production deployment yet: push or deploy it once, or give its folder with --frontend, then run again';

/** READY without its domains still serves the old build; one that never gets them is not waited for again. */
function isUnderWay({ state, isAliased, problem, createdAt }: FrontendDeployment, now: number): boolean {
  if (state === 'READY') return !isAliased && problem === '' && now - createdAt < longestDeploymentMs;
  return state === 'QUEUED' || state === 'INITIALIZING' || state === 'BUILDING';
}

/** The first deployment of all began before the variable was written. */
async function* redeployAfter(
  context: RunContext,
  first: FrontendDeployment,
): AsyncGenerator<RunEvent, Done> {
  yield* followDeployment(context, first);
  return yield* redeploy(context, first);
}

async function* redeploy(context: RunContext, ready: FrontendDeployment): AsyncGenerator<RunEvent, Done> {
  const { projectId, project } = context.target;
  if (projectId === null) return { outcome: 'skipped', reason: 'no Vercel project was given' };
  const name = ready.name || project || projectId;
  const vercel = vercelOf(context);
  const deployment = await journaled(context, entryFor(projectId, ready.id), async () => {
    try {
      return await vercel.redeploy({ deployment: ready.id, name });
    } catch (error) {
      throw redeployFailure(error, { ready, isByGit: await vercel.isLinked(projectId).catch(() => false) });
    }
  });
  return yield* followDeployment(context, deployment);
}

/** A project that git does not deploy: its folder is what there is of it. */
async function* deploy(context: RunContext, dir: string): AsyncGenerator<RunEvent, Done> {
  const { projectId, project, teamId } = context.target;
  const { token, apiUrl } = context.credentials.vercel;
  if (projectId === null) return { outcome: 'skipped', reason: 'no Vercel project was given' };
  const top = context.settings.wiring?.top ?? dir;
  yield progress(me, { done: 0, total: 2, note: `reading and uploading ${top}` });
  const id = await journaled(context, entryFor(projectId, project ?? projectId), () =>
    deployFolder({ dir: top, project: project ?? projectId, token, teamId, apiUrl, signal: context.signal }),
  );
  return yield* followDeployment(context, { id });
}

function entryFor(projectId: string, previous: string) {
  return {
    step: me.id,
    change: 'created',
    thing: 'frontend-deployment',
    id: previous,
    place: projectId,
    previous,
  } as const;
}
