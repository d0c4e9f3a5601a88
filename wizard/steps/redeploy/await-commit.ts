import type { FrontendDeployment } from '../../clients/vercel-schemas.ts';
import { createGit } from '../../frontend/wiring/git.ts';
import type { RunEvent } from '../../model/run/event.ts';
import { Failure } from '../../model/failure.ts';
import { vercelOf, type RunContext } from '../../deployment/context.ts';
import { followDeployment, longestDeploymentMs } from './follow-deployment.ts';
import { createPoll } from '../../hosting/poll.ts';
import { progress, type StepResult } from '../step.ts';

const step = { id: 'redeploy-frontend', service: 'vercel' } as const;

/** Milliseconds between two checks of the repository and the deployments. */
const pauseMs = 3_000;

/** What the user has to run to get the change to Vercel. */
export function pushCommand(files: readonly string[]): string {
  const names = files.map((file) => (/^[\w./-]+$/.test(file) ? file : `'${file}'`)).join(' ');
  return `git add ${names} && git commit -m "Let the book's chat know its server" && git push`;
}

/**
 * Whether production was built from a source without the commit that puts the server's URL into the pages: then a
 * rebuild changes nothing. False where git cannot say.
 */
export async function lacksCommit(
  context: RunContext,
  ready: FrontendDeployment | undefined,
): Promise<boolean> {
  const { wiring } = context.settings;
  if (wiring?.dir == null || wiring.files.length === 0) return false;
  const git = createGit({ dir: wiring.dir, signal: context.signal });
  const dirty = await git.dirty(wiring.files);
  if (dirty === null) return false;
  const commit = await git.lastCommit(wiring.files);
  if (commit === null || ready?.commit == null) return false;
  return (await git.contains({ commit, in: ready.commit })) === false;
}

/**
 * Waits until the change is committed, pushed and deployed. The user commits and pushes; when the run is not to wait
 * for that, it fails at once.
 *
 * @throws Failure `frontend-not-pushed`, or `frontend-commit-missing` when Vercel deploys none with it.
 */
export async function* awaitCommit(context: RunContext): AsyncGenerator<RunEvent, StepResult> {
  const { now, sleep, signal } = context;
  const { wiring } = context.settings;
  const { projectId } = context.target;
  if (wiring?.dir == null || projectId === null)
    return { outcome: 'skipped', reason: 'the frontend has no folder here' };
  const git = createGit({ dir: wiring.dir, signal });
  const poll = createPoll(context);
  const startedAt = now();
  const { files } = wiring;
  let note = '';
  for (;;) {
    const dirty = (await git.dirty(files)) ?? [];
    const commit = dirty.length === 0 ? await git.lastCommit(files) : null;
    const isPushed = commit !== null && (await git.isPushed(commit)) === true;
    if (!wiring.awaitsPush && !isPushed) throw notPushed({ dir: wiring.dir, commit, files: dirty });
    const deployments =
      commit === null
        ? []
        : ((await poll(() => vercelOf(context).deployments(projectId, { limit: 5 }))) ?? []);
    for (const deployment of deployments) {
      if (deployment.commit === null || commit === null) continue;
      if ((await git.contains({ commit, in: deployment.commit })) === true)
        return yield* followDeployment(context, deployment);
    }
    if (now() - startedAt > longestDeploymentMs) throw missing({ commit, files: dirty });
    const next =
      commit === null
        ? `waiting for you: ${pushCommand(dirty)}`
        : `waiting for Vercel to deploy ${commit.slice(0, 7)}: git push, if you have not`;
    if (next !== note) yield progress(step, { done: 0, total: 2, note: next });
    note = next;
    await sleep(pauseMs, { signal });
    signal.throwIfAborted();
  }
}

/** The actual reason when the pages lack the URL: the change is in the folder, and was never committed. */
export async function explainUncommitted(context: RunContext, error: unknown): Promise<unknown> {
  const { wiring } = context.settings;
  const isGap = error instanceof Failure && error.code === 'frontend-not-wired';
  if (!isGap || wiring?.dir == null || wiring.files.length === 0) return error;
  const git = createGit({ dir: wiring.dir, signal: context.signal });
  const dirty = await git.dirty(wiring.files);
  if (dirty === null || dirty.length === 0) return error;
  return notPushed({ dir: wiring.dir, commit: null, files: dirty });
}

function notPushed({
  dir,
  commit,
  files,
}: {
  dir: string;
  commit: string | null;
  files: readonly string[];
}): Failure {
  const command = commit === null ? pushCommand(files) : 'git push';
  return new Failure({
    code: 'frontend-not-pushed',
    service: step.service,
    message: `The frontend’s change is in ${dir}, ${commit === null ? 'not committed' : 'not pushed'} yet; everything before it is done.`,
    remedy: `In ${dir}: ${command}. Then run again; with --wait-for-push a run waits for it.`,
  });
}

function missing({ commit, files }: { commit: string | null; files: readonly string[] }): Failure {
  const what =
    commit === null
      ? 'The change of the frontend was not committed'
      : `Vercel has no deployment of the commit ${commit.slice(0, 7)}`;
  return new Failure({
    code: 'frontend-commit-missing',
    service: step.service,
    message: `${what} within ${longestDeploymentMs / 60_000} minutes.`,
    remedy:
      commit === null
        ? `Run ${pushCommand(files)}, then run again.`
        : 'Push it to the branch that Vercel deploys to production, then run again.',
  });
}
