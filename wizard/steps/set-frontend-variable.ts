import type { VariableToWrite, VercelClient } from '../clients/vercel-client.ts';
import { isConcurrentUpdate, requiresSensitive } from '../clients/vercel-errors.ts';
import { targetsOf, type FrontendVariable, type VercelTarget } from '../clients/vercel-schemas.ts';
import { vercelOf, type RunContext } from '../deployment/context.ts';
import { findVariable, variableJournalId } from '../deployment/frontend/frontend-variable.ts';
import { noServerUrl, serverUrl } from '../deployment/server/server-url.ts';
import { fingerprint, fingerprintIn, noteFor } from '../hosting/fingerprint.ts';
import { Failure } from '../model/failure.ts';
import { looksLikeSecret } from '../model/formats/looks-like-secret.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  planChange,
  skipped,
  unchanged,
  withJournal,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const step = { id: 'set-frontend-variable', service: 'vercel' } as const;

/** The server's URL, for production and any other requested environment; the rest are not ours to change. */
export const setFrontendVariable: Step = { ...step, affectedBy: [], inspect };

type TargetVariable = { target: VercelTarget; current: FrontendVariable | null };

async function inspect(context: RunContext): Promise<StepPlan> {
  const { settings, target } = context;
  if (settings.frontend === 'skip') return skipped(step, 'not wanted (--no-frontend)');
  const { projectId } = target;
  if (projectId === null) return skipped(step, 'no Vercel project was given');
  if (settings.wiring?.leftAlone != null) return skipped(step, settings.wiring.leftAlone);
  if (settings.wiring?.isSameOrigin === true) return skipped(step, sameOrigin);
  if (settings.wiring?.hasWidget === true) return skipped(step, ownChat);
  const name = settings.frontendVariable;
  const [value, variables] = await Promise.all([valueOf(context), vercelOf(context).variables(projectId)]);
  const entries = targetsOfRun(context).map((environment): TargetVariable => ({
    target: environment,
    current: findVariable(variables, { name, target: environment }),
  }));
  const pending = entries.filter(
    ({ current }) => value === null || current === null || !holdsValue(context, { current, value }),
  );
  const shown = value ?? `the server’s address${settings.wiring?.path ?? ''}, known once it runs`;
  const what = `${name} = ${shown}${otherTargets(context)}`;
  if (pending.length === 0) return unchanged(step, what);
  const kind = pending.every(({ current }) => current === null) ? 'new' : 'changes';
  return planChange(step, kind, `${what}${describePrevious(pending)}`, () =>
    write(context, { projectId, pending }),
  );
}

const sameOrigin = 'the page calls its own origin, and vercel.json forwards that: no variable is needed';

const ownChat = 'the line of the chat names the server: no variable is needed';

const targetsOfRun = ({ settings }: RunContext): readonly VercelTarget[] =>
  settings.frontendTargets ?? ['production'];

function otherTargets(context: RunContext): string {
  const others = targetsOfRun(context).filter((target) => target !== 'production');
  return others.length === 0 ? '' : `, for production, ${others.join(' and ')}`;
}

/** What `undo` brings back, or that it cannot. */
function describePrevious(pending: readonly TargetVariable[]): string {
  const replaced = pending.flatMap(({ current }) => (current === null ? [] : [current]));
  const previous = replaced.map(previousValue).find((old) => old !== null);
  if (previous !== undefined) return ` (until now ${previous})`;
  const isLost = replaced.some(
    (current) => fingerprintIn(current.comment) === null && targetsOf(current).length === 1,
  );
  return isLost ? ' (undo does not bring back the value until now, which is not shown or looks secret)' : '';
}

/** The URL is public in the page's code, so a readable value is kept for undo; a secret one never is. */
function previousValue(variable: FrontendVariable | null): string | null {
  if (variable === null || variable.type === 'sensitive' || variable.decrypted === false) return null;
  const value = variable.value ?? null;
  return value === null || looksLikeSecret({ name: variable.key, value }) ? null : value;
}

/** What the frontend's code expects: the origin, or the origin with a path after it. Null while there is no URL. */
async function valueOf(context: RunContext): Promise<string | null> {
  const { wiring } = context.settings;
  if (wiring !== undefined && wiring.value !== null) return wiring.value;
  const url = await serverUrl(context);
  return url === null ? null : `${url}${wiring?.path ?? ''}`;
}

/** A sensitive value is never returned, nor is every encrypted one: then the fingerprint in our comment is compared. */
function holdsValue(
  context: RunContext,
  { current, value }: { current: FrontendVariable; value: string },
): boolean {
  if (current.type === 'sensitive' || current.decrypted === false || current.value == null) {
    return fingerprintIn(current.comment) === fingerprint({ space: context.target.space, value });
  }
  return current.value === value;
}

// oxlint-disable-next-line require-yield -- a few calls have no progress to report
async function* write(
  context: RunContext,
  { projectId, pending }: { projectId: string; pending: readonly TargetVariable[] },
): AsyncGenerator<RunEvent, StepResult> {
  const name = context.settings.frontendVariable;
  const value = await valueOf(context);
  if (value === null) throw noServerUrl(context);
  for (const entry of pending) await writeTarget(context, { ...entry, projectId, value });
  const persisted = await vercelOf(context).variables(projectId);
  for (const { target } of pending) {
    const current = findVariable(persisted, { name, target });
    if (current === null || !holdsValue(context, { current, value })) throw valueNotPersisted(name, target);
  }
  return { outcome: 'changed', reason: `${name} = ${value}${otherTargets(context)}` };
}

async function writeTarget(
  context: RunContext,
  { projectId, target, current, value }: TargetVariable & { projectId: string; value: string },
): Promise<void> {
  const { space } = context.target;
  const key = context.settings.frontendVariable;
  const vercel = vercelOf(context);
  const isShared = current !== null && targetsOf(current).length > 1;
  const entry = {
    step: step.id,
    change: current === null ? 'created' : 'changed',
    thing: 'frontend-variable',
    id: variableJournalId({ name: key, target }),
    place: projectId,
    previous: previousValue(current),
    ...(isShared && { splitFrom: current.id }),
  } as const;
  await withJournal(context, entry, async () => {
    const reattach = current === null ? null : await detachTarget(vercel, { projectId, current, target });
    const comment = noteFor({ space, value });
    // Vercel has no sensitive variables for development.
    const isSensitive = current?.type === 'sensitive' && target !== 'development';
    const type = isSensitive ? 'sensitive' : current?.type === 'encrypted' ? 'encrypted' : 'plain';
    try {
      await upsertWithRetry(context, { projectId, variable: { key, value, type, target, comment } });
    } catch (error) {
      await reattach?.();
      throw error;
    }
  });
}

/** Tries, and milliseconds between them, while someone else changes the project's variables. */
const tries = 4;
const pauseMs = 2_000;

async function upsertWithRetry(
  context: RunContext,
  { projectId, variable }: { projectId: string; variable: VariableToWrite },
): Promise<void> {
  const vercel = vercelOf(context);
  let next = variable;
  for (let left = tries; ; left -= 1) {
    try {
      return await vercel.upsertVariable(projectId, next);
    } catch (error) {
      const mustBeSensitive =
        requiresSensitive(error) && next.type !== 'sensitive' && next.target !== 'development';
      if (left === 1 || (!mustBeSensitive && !isConcurrentUpdate(error))) throw error;
      if (mustBeSensitive) next = { ...next, type: 'sensitive' };
      else await context.sleep(pauseMs, { signal: context.signal });
    }
  }
}

/**
 * Vercel refuses an upsert whose targets differ from those of the variable that exists: that one keeps its other
 * targets, and ours gets a new variable.
 *
 * @returns how to undo it, because production must not be left without a value; null when nothing was done.
 */
async function detachTarget(
  vercel: VercelClient,
  { projectId, current, target }: { projectId: string; current: FrontendVariable; target: VercelTarget },
): Promise<(() => Promise<void>) | null> {
  // Read again: writing an environment before this one may have changed the same variable.
  const variable = (await vercel.variables(projectId)).find(({ id }) => id === current.id) ?? current;
  const { id } = variable;
  const targets = targetsOf(variable);
  const others = targets.filter((other) => other !== target);
  if (others.length === 0 || others.length === targets.length) return null;
  await vercel.retarget(projectId, { id, target: others });
  return () => vercel.retarget(projectId, { id, target: targets });
}

function valueNotPersisted(name: string, target: VercelTarget): Failure {
  return new Failure({
    code: 'frontend-variable-not-kept',
    service: step.service,
    message: `Vercel’s variable ${name} (${target}) reads back as something other than what was written.`,
    remedy: 'Look at the project’s environment variables for a second one of that name, then run again.',
  });
}
