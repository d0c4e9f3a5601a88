import type { FrontendDeployment } from '../clients/vercel-schemas.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { buildHint } from '../frontend/build-hints.ts';
import type { RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import { secretValues, vercelOf, type RunContext } from './context.ts';
import { createPoll } from './poll.ts';
import { progress, type Done } from './step.ts';

const me = { id: 'redeploy-frontend', service: 'vercel' } as const;
export const longestDeploymentMs = 20 * 60_000;

/**
 * Until it is built and its domains point to it: READY alone still serves the old one.
 *
 * @throws Failure `frontend-build-failed`, `-canceled`, `-blocked`, `-deleted`, `-not-aliased` or `-stuck`.
 */
export async function* followDeployment(
  context: RunContext,
  deployment: Pick<FrontendDeployment, 'id'>,
): AsyncGenerator<RunEvent, Done> {
  const { now, sleep, signal } = context;
  const vercel = vercelOf(context);
  const startedAt = now();
  const poll = createPoll(context);
  let current: FrontendDeployment | null = null;
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
    if (now() - startedAt > longestDeploymentMs)
      throw tooLong({ id: deployment.id, state, url: current?.inspectorUrl });
    const next = isBuilt ? 'built, its domains are being pointed at it' : state.toLowerCase();
    if (next !== note) yield progress(me, { done: isBuilt ? 1 : 0, total: 2, note: next });
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

type End = { code: string; words: string; remedy: string };

const ends: Readonly<Record<string, End>> = {
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

function endOf({ state, problem }: FrontendDeployment): End | null {
  if (state !== 'READY') return ends[state] ?? null;
  if (problem === '') return null;
  return {
    code: 'frontend-not-aliased',
    words: 'got no domain',
    remedy: 'Look at the project’s domains, then run again.',
  };
}

const logLines = 8;

/** The end of the build's log goes before the failure, and a reason that is known goes into it. */
async function* failed(
  context: RunContext,
  { deployment, end }: { deployment: FrontendDeployment; end: End },
): AsyncGenerator<RunEvent, never> {
  const { problem, inspectorUrl, id } = deployment;
  const log = end.code === 'frontend-build-failed' ? await logOf(context, id) : [];
  for (const text of log.slice(-logLines)) yield { type: 'log', source: 'Vercel', text, step: me.id };
  const hint = buildHint([...log, problem].join('\n'));
  const why = [hint?.why, problem].filter((part) => part !== undefined && part !== '').join('; ');
  const remedy = hint === null ? end.remedy : `${hint.remedy} Then run again.`;
  throw new Failure({
    code: end.code,
    service: me.service,
    message: `The frontend’s deployment ${id} ${end.words}${why === '' ? '' : `: ${why}`}.`,
    remedy: inspectorUrl === null ? remedy : `${remedy} Its log: ${inspectorUrl}`,
  });
}

/** Best effort: the failure is known without it. */
async function logOf(context: RunContext, id: string): Promise<readonly string[]> {
  const lines = await vercelOf(context)
    .buildLog(id)
    .catch(() => []);
  context.signal.throwIfAborted();
  return lines.map((text) => oneLine(redact(text, secretValues(context)))).filter((text) => text !== '');
}

function tooLong({ id, state, url }: { id: string; state: string; url: string | null | undefined }): Failure {
  return new Failure({
    code: 'frontend-stuck',
    service: me.service,
    message: `The frontend’s deployment ${id} is still ${state} after ${longestDeploymentMs / 60_000} minutes.`,
    remedy: `Look at ${url ?? 'it on Vercel'}, then run again.`,
  });
}
