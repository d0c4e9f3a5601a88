import type { FrontendDeployment } from '../clients/vercel-schemas.ts';
import type { RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import { vercelOf, type RunContext } from './context.ts';
import { createPoll } from './poll.ts';
import { productionOne } from './set-frontend-variable.ts';
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

const me = { id: 'redeploy-frontend', service: 'vercel' } as const;
const longestMs = 20 * 60_000;

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
  const variable = productionOne(variables, settings.frontendVariable);
  const writtenAt = variable?.updatedAt ?? variable?.createdAt ?? 0;
  if (newest !== undefined && newest.createdAt >= writtenAt && isUnderWay(newest)) {
    const what = `deployment ${newest.id} is under way, and is waited for`;
    return toDo(me, 'unchanged', what, () => follow(context, newest));
  }
  if (ready === undefined) {
    return skipped(
      me,
      'the project has no production deployment yet: push or deploy it once, then run again',
    );
  }
  const isOld = ready.createdAt < writtenAt;
  if (variable !== null && !isOld && earlier.get('set-frontend-variable') !== 'changed') {
    return unchanged(me, `deployment ${ready.id} is newer than the variable`);
  }
  const what = `the newest production deployment (${ready.id}), built anew`;
  return toDo(me, 'changes', what, () => redeploy(context, ready));
}

function isUnderWay({ state }: FrontendDeployment): boolean {
  return state === 'QUEUED' || state === 'INITIALIZING' || state === 'BUILDING';
}

async function* redeploy(context: RunContext, ready: FrontendDeployment): AsyncGenerator<RunEvent, Done> {
  const { projectId, project } = context.target;
  if (projectId === null) return { outcome: 'skipped', reason: 'no Vercel project was given' };
  const name = ready.name || project || projectId;
  const entry = {
    step: me.id,
    change: 'created',
    thing: 'frontend-deployment',
    id: ready.id,
    place: projectId,
    previous: ready.id,
  } as const;
  const deployment = await journaled(context, entry, () =>
    vercelOf(context).redeploy({ deployment: ready.id, name }),
  );
  return yield* follow(context, deployment);
}

/** Until it is built and its domains point to it: READY alone still serves the old one. */
async function* follow(context: RunContext, deployment: FrontendDeployment): AsyncGenerator<RunEvent, Done> {
  const { now, sleep, signal } = context;
  const startedAt = now();
  const poll = createPoll(context);
  let current = deployment;
  let note = '';
  for (;;) {
    current = (await poll(() => vercelOf(context).deployment(deployment.id))) ?? current;
    if (current.state === 'READY' && current.isAliased) {
      return { outcome: 'changed', reason: `deployment ${current.id} serves production` };
    }
    throwIfEnded(current);
    if (now() - startedAt > longestMs) throw tooLong(current);
    const next =
      current.state === 'READY' ? 'built, its domains are being pointed at it' : current.state.toLowerCase();
    if (next !== note) yield progress(me, { done: current.state === 'READY' ? 1 : 0, total: 2, note: next });
    note = next;
    await sleep(pauseAfter(now() - startedAt), { signal });
    signal.throwIfAborted();
  }
}

/** Milliseconds; as the vendor's own CLI waits. */
function pauseAfter(elapsedMs: number): number {
  if (elapsedMs < 15_000) return 1_000;
  return elapsedMs < 60_000 ? 5_000 : 15_000;
}

const ends: Readonly<Record<string, { code: string; words: string; remedy: string }>> = {
  ERROR: {
    code: 'frontend-build-failed',
    words: 'did not build',
    remedy: 'Mend what its build log names, then run again.',
  },
  CANCELED: {
    code: 'frontend-canceled',
    words: 'was canceled',
    remedy: 'Run again to redeploy.',
  },
  BLOCKED: {
    code: 'frontend-blocked',
    words: 'is blocked by Vercel',
    remedy: 'The commit’s author must be a member of the team, or the project’s protection must allow it.',
  },
  DELETED: { code: 'frontend-deleted', words: 'was deleted', remedy: 'Run again to redeploy.' },
};

function throwIfEnded(deployment: FrontendDeployment): void {
  const { state, problem, inspectorUrl } = deployment;
  const end =
    state === 'READY' && problem !== ''
      ? {
          code: 'frontend-not-aliased',
          words: 'got no domain',
          remedy: 'Look at the project’s domains, then run again.',
        }
      : ends[state];
  if (end === undefined) return;
  throw new Failure({
    code: end.code,
    service: me.service,
    message: `The frontend’s deployment ${deployment.id} ${end.words}${problem === '' ? '' : `: ${problem}`}.`,
    remedy: inspectorUrl === null ? end.remedy : `${end.remedy} Its log: ${inspectorUrl}`,
  });
}

function tooLong(deployment: FrontendDeployment): Failure {
  return new Failure({
    code: 'frontend-stuck',
    service: me.service,
    message: `The frontend’s deployment ${deployment.id} is still ${deployment.state} after ${longestMs / 60_000} minutes.`,
    remedy: `Look at ${deployment.inspectorUrl ?? 'it on Vercel'}, then run again.`,
  });
}
