import type { FrontendDeployment } from '../clients/vercel-schemas.ts';
import { vercelOf, type RunContext } from '../deployment/context.ts';
import { productionVariable } from '../deployment/frontend/frontend-variable.ts';
import type { FrontendWiring } from '../deployment/run-settings.ts';
import { deployFolder } from '../frontend/deploy-folder.ts';
import type { RunEvent } from '../model/run/event.ts';
import { awaitCommit, lacksCommit, pushCommand } from './redeploy/await-commit.ts';
import { followDeployment, longestDeploymentMs } from './redeploy/follow-deployment.ts';
import { redeployFailure } from './redeploy/redeploy-failures.ts';
import { writeFrontend } from './redeploy/write-frontend.ts';
import {
  planChange,
  progress,
  skipped,
  unchanged,
  withJournal,
  type PreviousOutcomes,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const step = { id: 'redeploy-frontend', service: 'vercel' } as const;

/** Variables are frozen into a site when it is built, so a changed one needs a new deployment. */
export const redeployFrontend: Step = { ...step, affectedBy: ['set-frontend-variable'], inspect };

async function inspect(context: RunContext, previous: PreviousOutcomes): Promise<StepPlan> {
  const { settings, target } = context;
  const { projectId } = target;
  if (settings.frontend === 'skip') return skipped(step, 'not wanted (--no-frontend)');
  if (projectId === null) return skipped(step, 'no Vercel project was given');
  if (settings.wiring?.leftAlone != null) return skipped(step, settings.wiring.leftAlone);
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
    const next = isByGit ? commitPlan(settings.wiring) : 'deploys the folder to production';
    return planChange(step, 'changes', `changes ${paths} in ${dir} as shown, then ${next}`, () =>
      writeAndRedeploy(context, { dir, isByGit }),
    );
  }
  if (isByGit && (await lacksCommit(context, newest))) {
    return planChange(step, 'changes', commitPlan(settings.wiring), () => awaitCommit(context));
  }
  const variable = productionVariable(variables, settings.frontendVariable);
  const writtenAt = variable?.updatedAt ?? variable?.createdAt ?? 0;
  if (newest !== undefined && newest.createdAt >= writtenAt && isInProgress(newest, context.now())) {
    const what = `waits for deployment ${newest.id}, which is in progress`;
    return planChange(step, 'unchanged', what, () => followDeployment(context, newest));
  }
  if (ready === undefined && newest !== undefined && isInProgress(newest, context.now())) {
    const what = `rebuilds deployment ${newest.id}, in progress now, once it is done`;
    return planChange(step, 'changes', what, () => redeployAfter(context, newest));
  }
  if (dir !== null && ready === undefined) {
    return planChange(step, 'new', `the folder ${dir}, deployed to production`, () => deploy(context, dir));
  }
  if (ready === undefined) return skipped(step, neverDeployed);
  const isOld = ready.createdAt < writtenAt;
  const needsNone = settings.wiring?.isSameOrigin === true || settings.wiring?.hasWidget === true;
  const isIdle = needsNone || (variable !== null && !isOld);
  if (isIdle && previous.get('set-frontend-variable') !== 'changed') {
    return unchanged(step, `deployment ${ready.id} is newer than the variable`);
  }
  const what = `rebuilds the newest production deployment (${ready.id})`;
  return planChange(step, 'changes', what, () => redeploy(context, ready));
}

const commitPlan = (wiring: FrontendWiring | undefined): string =>
  wiring?.awaitsPush === true
    ? 'waits for the deployment of your commit'
    : 'ends here, for you to commit and push; a second run continues';

async function* writeAndRedeploy(
  context: RunContext,
  { dir, isByGit }: { dir: string; isByGit: boolean },
): AsyncGenerator<RunEvent, StepResult> {
  const paths = await writeFrontend(context);
  if (paths.length > 0) {
    const message = `Changed in ${dir}: ${paths.join(', ')}. ${isByGit ? 'Commit and push it yourself.' : ''}`;
    const remedy = isByGit ? pushCommand(paths) : '';
    yield { type: 'notice', code: 'frontend-changed', message: message.trim(), remedy };
  }
  return yield* isByGit ? awaitCommit(context) : deploy(context, dir);
}

const neverDeployed =
  'the project has no production deployment yet: push or deploy it once, or give its folder with --frontend, then run again';

/** READY without its domains still serves the old build; one that never got them is not awaited again. */
function isInProgress({ state, isAliased, problem, createdAt }: FrontendDeployment, now: number): boolean {
  if (state === 'READY') return !isAliased && problem === '' && now - createdAt < longestDeploymentMs;
  return state === 'QUEUED' || state === 'INITIALIZING' || state === 'BUILDING';
}

/** The project's first deployment began before the variable was written. */
async function* redeployAfter(
  context: RunContext,
  first: FrontendDeployment,
): AsyncGenerator<RunEvent, StepResult> {
  yield* followDeployment(context, first);
  return yield* redeploy(context, first);
}

async function* redeploy(
  context: RunContext,
  ready: FrontendDeployment,
): AsyncGenerator<RunEvent, StepResult> {
  const { projectId, project } = context.target;
  if (projectId === null) return { outcome: 'skipped', reason: 'no Vercel project was given' };
  const name = ready.name || project || projectId;
  const vercel = vercelOf(context);
  const deployment = await withJournal(context, entryFor(projectId, ready.id), async () => {
    try {
      return await vercel.redeploy({ deployment: ready.id, name });
    } catch (error) {
      throw redeployFailure(error, { ready, isByGit: await vercel.isLinked(projectId).catch(() => false) });
    }
  });
  return yield* followDeployment(context, deployment);
}

/** A project that git does not deploy is deployed from its folder. */
async function* deploy(context: RunContext, dir: string): AsyncGenerator<RunEvent, StepResult> {
  const { projectId, project, teamId } = context.target;
  const { token, apiUrl } = context.credentials.vercel;
  if (projectId === null) return { outcome: 'skipped', reason: 'no Vercel project was given' };
  const top = context.settings.wiring?.top ?? dir;
  yield progress(step, { done: 0, total: 2, note: `reading and uploading ${top}` });
  const id = await withJournal(context, entryFor(projectId, project ?? projectId), () =>
    deployFolder({ dir: top, project: project ?? projectId, token, teamId, apiUrl, signal: context.signal }),
  );
  return yield* followDeployment(context, { id });
}

function entryFor(projectId: string, previous: string) {
  return {
    step: step.id,
    change: 'created',
    thing: 'frontend-deployment',
    id: previous,
    place: projectId,
    previous,
  } as const;
}
