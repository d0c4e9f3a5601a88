import type { VariableToWrite, VercelClient } from '../clients/vercel-client.ts';
import { isConcurrentUpdate, requiresSensitive } from '../clients/vercel-errors.ts';
import { targetsOf, type FrontendVariable, type VercelTarget } from '../clients/vercel-schemas.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import { fingerprint, fingerprintIn, noteFor } from '../hosting/space/fingerprint.ts';
import { vercelOf, type RunContext } from '../deployment/context.ts';
import { findVariable, variableJournalId } from '../deployment/frontend/frontend-variable.ts';
import { serverUrl } from '../deployment/server/server-url.ts';
import {
  withJournal,
  skipped,
  planChange,
  unchanged,
  type StepResult,
  type StepPlan,
  type Step,
} from './step.ts';

const step = { id: 'set-frontend-variable', service: 'vercel' } as const;

/** The server's address, for production and what else was asked for: other environments are not ours to change. */
export const setFrontendVariable: Step = { ...step, affectedBy: [], inspect };

type TargetVariable = { target: VercelTarget; standing: FrontendVariable | null };

async function inspect(context: RunContext): Promise<StepPlan> {
  const { settings, target } = context;
  if (settings.frontend === 'skip') return skipped(step, 'not wanted (--no-frontend)');
  const { projectId } = target;
  if (projectId === null) return skipped(step, 'no Vercel project was given');
  if (settings.wiring?.isSameOrigin === true) return skipped(step, sameOrigin);
  const name = settings.frontendVariable;
  const [host, variables] = await Promise.all([valueOf(context), vercelOf(context).variables(projectId)]);
  const entries = requestedTargets(context).map((one) => ({
    target: one,
    standing: findVariable(variables, { name, target: one }),
  }));
  const value = host ?? `the Space’s address${settings.wiring?.path ?? ''}, known once it is there`;
  const pending = entries.filter(
    ({ standing }) => host === null || standing === null || !holdsValue(context, { standing, value: host }),
  );
  const said = `${name} = ${value}${alsoFor(context)}`;
  if (pending.length === 0) return unchanged(step, said);
  const kind = pending.every(({ standing }) => standing === null) ? 'new' : 'changes';
  const previous = pending.map(({ standing }) => previousOf(standing)).find((one) => one !== null);
  const was = previous === undefined ? '' : ` (until now ${previous})`;
  return planChange(step, kind, `${said}${was}`, () => write(context, { projectId, pending }));
}

const sameOrigin = 'the page asks its own origin, and vercel.json hands that on: no variable is needed';

const requestedTargets = ({ settings }: RunContext): readonly VercelTarget[] =>
  settings.frontendTargets ?? ['production'];

function alsoFor(context: RunContext): string {
  const others = requestedTargets(context).filter((one) => one !== 'production');
  return others.length === 0 ? '' : `, for production, ${others.join(' and ')}`;
}

/** An address is public in the page's code; a value that may be read is kept for undo, but never a sensitive one. */
function previousOf(standing: FrontendVariable | null): string | null {
  const isReadable = standing?.type !== 'sensitive' && standing?.decrypted !== false;
  return isReadable ? (standing?.value ?? null) : null;
}

/** What the code takes the variable for: the origin, or the origin with a path after it. */
async function valueOf(context: RunContext): Promise<string | null> {
  const { wiring } = context.settings;
  if (wiring !== undefined && wiring.value !== null) return wiring.value;
  const host = await serverUrl(context);
  return host === null ? null : `${host}${wiring?.path ?? ''}`;
}

/** A sensitive value never comes back, nor does every encrypted one: the fingerprint in our comment has to do. */
function holdsValue(
  context: RunContext,
  { standing, value }: { standing: FrontendVariable; value: string },
): boolean {
  if (standing.type === 'sensitive' || standing.decrypted === false || standing.value == null) {
    return fingerprintIn(standing.comment) === fingerprint({ space: context.target.space, value });
  }
  return standing.value === value;
}

// oxlint-disable-next-line require-yield -- a few calls have no progress worth telling
async function* write(
  context: RunContext,
  { projectId, pending }: { projectId: string; pending: readonly TargetVariable[] },
): AsyncGenerator<RunEvent, StepResult> {
  const { settings, target } = context;
  const key = settings.frontendVariable;
  const value = await valueOf(context);
  if (value === null) throw noServerUrl(target.space);
  for (const entry of pending) await writeOne(context, { ...entry, projectId, value });
  const kept = await vercelOf(context).variables(projectId);
  for (const { target: one } of pending) {
    const standing = findVariable(kept, { name: key, target: one });
    if (standing === null || !holdsValue(context, { standing, value })) throw valueNotPersisted(key, one);
  }
  return { outcome: 'changed', reason: `${key} = ${value}${alsoFor(context)}` };
}

async function writeOne(
  context: RunContext,
  of: TargetVariable & { projectId: string; value: string },
): Promise<void> {
  const { projectId, standing, value, target } = of;
  const { space } = context.target;
  const key = context.settings.frontendVariable;
  const vercel = vercelOf(context);
  const entry = {
    step: step.id,
    change: standing === null ? 'created' : 'changed',
    thing: 'frontend-variable',
    id: variableJournalId({ name: key, target }),
    place: projectId,
    previous: previousOf(standing),
  } as const;
  await withJournal(context, entry, async () => {
    const giveBack = standing === null ? null : await detachTarget(vercel, { projectId, standing, target });
    const comment = noteFor({ space, value });
    // Vercel keeps no sensitive value for development.
    const isSensitive = standing?.type === 'sensitive' && target !== 'development';
    const type = isSensitive ? 'sensitive' : 'plain';
    try {
      await upsertWithRetry(context, { projectId, variable: { key, value, type, target, comment } });
    } catch (error) {
      await giveBack?.();
      throw error;
    }
  });
}

/** Tries while somebody else changes the variables. */
const mostTries = 4;
const pauseMs = 2_000;

async function upsertWithRetry(
  context: RunContext,
  { projectId, variable }: { projectId: string; variable: VariableToWrite },
): Promise<void> {
  const vercel = vercelOf(context);
  let next = variable;
  for (let left = mostTries; ; left -= 1) {
    try {
      return await vercel.upsertVariable(projectId, next);
    } catch (error) {
      const isForced = requiresSensitive(error) && next.type !== 'sensitive' && next.target !== 'development';
      if (left === 1 || (!isForced && !isConcurrentUpdate(error))) throw error;
      if (isForced) next = { ...next, type: 'sensitive' };
      else await context.sleep(pauseMs, { signal: context.signal });
    }
  }
}

/**
 * Vercel refuses an upsert whose targets differ from the standing one's: it keeps its others, ours is new. Gives back
 * how to undo that, because production must not be left without a value; null when nothing was done.
 */
async function detachTarget(
  vercel: VercelClient,
  of: { projectId: string; standing: FrontendVariable; target: VercelTarget },
): Promise<(() => Promise<void>) | null> {
  const { projectId, standing, target: wanted } = of;
  // Read again: an environment that was written before this one took itself out of the same variable.
  const now = (await vercel.variables(projectId)).find(({ id }) => id === standing.id) ?? standing;
  const { id } = now;
  const target = targetsOf(now);
  const others = target.filter((one) => one !== wanted);
  if (others.length === 0 || others.length === target.length) return null;
  await vercel.retarget(projectId, { id, target: others });
  return () => vercel.retarget(projectId, { id, target });
}

function noServerUrl(space: string): Failure {
  return new Failure({
    code: 'space-without-address',
    service: 'huggingface',
    message: `The Hub names no address for the Space ${space}.`,
    remedy: 'Run again in a minute.',
  });
}

function valueNotPersisted(key: string, target: VercelTarget): Failure {
  return new Failure({
    code: 'frontend-variable-not-kept',
    service: step.service,
    message: `Vercel’s variable ${key} (${target}) reads back as something other than what was written.`,
    remedy: 'Look at the project’s environment variables for a second one of that name, then run again.',
  });
}
