import type { FrontendDeployment } from '../../clients/vercel-schemas.ts';
import { oneLine, redact } from '../../clients/redact.ts';
import { buildHint } from '../../frontend/build-hint.ts';
import type { RunEvent } from '../../model/run/event.ts';
import { Failure } from '../../model/failure.ts';
import { secretValues, vercelOf, type RunContext } from '../../deployment/context.ts';
import { createPoll } from '../../hosting/poll.ts';
import { progress, type StepResult } from '../step.ts';

const step = { id: 'redeploy-frontend', service: 'vercel' } as const;
export const longestDeploymentMs = 20 * 60_000;
/** Longest wait for the domains of a built deployment; usually it takes seconds. */
const longestAliasMs = 5 * 60_000;

/**
 * Waits until the deployment is built and the domains point to it: READY alone still serves the old one.
 *
 * @throws Failure `frontend-build-failed`, `-canceled`, `-blocked`, `-deleted`, `-not-aliased` or `-stuck`.
 */
export async function* followDeployment(
  context: RunContext,
  deployment: Pick<FrontendDeployment, 'id'>,
): AsyncGenerator<RunEvent, StepResult> {
  const { now, sleep, signal } = context;
  const vercel = vercelOf(context);
  const startedAt = now();
  const poll = createPoll(context);
  let current: FrontendDeployment | null = null;
  let builtAt: number | null = null;
  let note = '';
  for (;;) {
    current = (await poll(() => vercel.deployment(deployment.id))) ?? current;
    const state = current?.state ?? 'not known';
    const isBuilt = state === 'READY';
    if (current !== null && isBuilt && current.isAliased) {
      return { outcome: 'changed', reason: `deployment ${current.id} serves production` };
    }
    const end = current === null ? null : endOf(current);
    if (current !== null && end !== null) yield* failed(context, { deployment: current, end });
    if (!isBuilt) builtAt = null;
    else builtAt ??= now();
    if (current !== null && builtAt !== null && now() - builtAt > longestAliasMs) throw noDomain(current);
    if (now() - startedAt > longestDeploymentMs)
      throw tooLong({ id: deployment.id, state, url: current?.inspectorUrl });
    const next = isBuilt ? 'built, its domains are being pointed at it' : state.toLowerCase();
    if (next !== note) yield progress(step, { done: isBuilt ? 1 : 0, total: 2, note: next });
    note = next;
    await sleep(pauseAfter(now() - startedAt), { signal });
    signal.throwIfAborted();
  }
}

/** Milliseconds, as Vercel's own CLI waits. */
function pauseAfter(elapsedMs: number): number {
  if (elapsedMs < 15_000) return 1_000;
  return elapsedMs < 60_000 ? 5_000 : 15_000;
}

type DeploymentEnd = { code: string; words: string; remedy: string };

const deploymentEnds: Readonly<Record<string, DeploymentEnd>> = {
  ERROR: {
    code: 'frontend-build-failed',
    words: 'did not build',
    remedy: 'Fix what its build log names, then run again.',
  },
  CANCELED: {
    code: 'frontend-canceled',
    words: 'was canceled',
    remedy: 'Run again to redeploy.',
  },
  BLOCKED: {
    code: 'frontend-blocked',
    words: 'is blocked by Vercel',
    remedy: 'Its page on Vercel says why; run again when that is settled.',
  },
  DELETED: { code: 'frontend-deleted', words: 'was deleted', remedy: 'Run again to redeploy.' },
};

/** Vercel only builds commits of authors that it knows (`blockCode`, since 2025-10). */
const blockReasons: readonly { pattern: RegExp; words: string; remedy: string }[] = [
  {
    pattern: /COMMIT_AUTHOR_REQUIRED/,
    words: 'is blocked by Vercel, which does not know the author of its commit',
    remedy:
      'Commit under the address of your GitHub account (git config user.email), push again, and run again.',
  },
  {
    pattern: /TEAM_ACCESS_REQUIRED/,
    words: 'is blocked by Vercel, because the author of its commit is no member of the team',
    remedy:
      'Let an owner of the team invite the author (Settings, Members), or push a commit by a member; then run again.',
  },
];

/** Vercel's sentence for a project that decides by a command which commits it builds; the same commit is ignored again. */
const ignoredBuild: DeploymentEnd & { pattern: RegExp } = {
  pattern: /ignored build step/i,
  code: 'frontend-build-ignored',
  words: 'was canceled by the project’s own “Ignored Build Step”',
  remedy:
    'Three ways: on Vercel, under Settings, Build and Deployment, set Ignored Build Step to Automatic and run again; or let its command exit with 1 for production; or push a commit that it lets through.',
};

function endOf({ state, problem }: FrontendDeployment): DeploymentEnd | null {
  if (state === 'CANCELED' && ignoredBuild.pattern.test(problem)) return ignoredBuild;
  if (state === 'BLOCKED') {
    const reason = blockReasons.find(({ pattern }) => pattern.test(problem));
    return reason === undefined ? (deploymentEnds[state] ?? null) : { ...reason, code: 'frontend-blocked' };
  }
  if (state !== 'READY') return deploymentEnds[state] ?? null;
  if (problem === '') return null;
  return {
    code: 'frontend-not-aliased',
    words: 'got no domain',
    remedy: 'Look at the project’s domains, then run again.',
  };
}

const logLines = 8;

/** Emits the end of the build's log, then throws with the reason that the log names, when it is a known one. */
async function* failed(
  context: RunContext,
  { deployment, end }: { deployment: FrontendDeployment; end: DeploymentEnd },
): AsyncGenerator<RunEvent, never> {
  const { problem, inspectorUrl, id } = deployment;
  const log = end.code === 'frontend-build-failed' ? await logOf(context, id) : [];
  for (const text of log.slice(-logLines)) yield { type: 'log', source: 'Vercel', text, step: step.id };
  const hint = buildHint([...log, problem].join('\n'));
  const why = [hint?.why, problem].filter((part) => part !== undefined && part !== '').join('; ');
  const remedy = hint === null ? end.remedy : `${hint.remedy} Then run again.`;
  throw new Failure({
    code: end.code,
    service: step.service,
    message: `The frontend’s deployment ${id} ${end.words}${why === '' ? '' : `: ${why}`}.`,
    remedy: inspectorUrl === null ? remedy : `${remedy} Its log: ${inspectorUrl}`,
  });
}

/** Best effort: without the log, the failure is reported all the same. */
async function logOf(context: RunContext, id: string): Promise<readonly string[]> {
  const lines = await vercelOf(context)
    .buildLog(id)
    .catch(() => []);
  context.signal.throwIfAborted();
  return lines.map((text) => oneLine(redact(text, secretValues(context)))).filter((text) => text !== '');
}

function noDomain({ id, inspectorUrl }: FrontendDeployment): Failure {
  return new Failure({
    code: 'frontend-not-aliased',
    service: step.service,
    message: `The frontend’s deployment ${id} is built, but for ${longestAliasMs / 60_000} minutes no domain of the project has pointed to it: readers still get the old one.`,
    remedy: `On Vercel, open ${inspectorUrl ?? 'that deployment'} and choose “Promote to Production”; the project may be set not to do so by itself (Settings, Environments, Production). Then run again.`,
  });
}

function tooLong({ id, state, url }: { id: string; state: string; url: string | null | undefined }): Failure {
  return new Failure({
    code: 'frontend-stuck',
    service: step.service,
    message: `The frontend’s deployment ${id} is still ${state} after ${longestDeploymentMs / 60_000} minutes.`,
    remedy: `Look at ${url ?? 'it on Vercel'}, then run again.`,
  });
}
