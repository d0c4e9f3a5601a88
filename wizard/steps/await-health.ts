import type { HealthReport } from '../../server/contract.ts';
import { reasonOf, type HttpFailure } from '../clients/http-failure.ts';
import { oneLine, redact } from '../clients/redact.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { hubOf, spacePageUrl } from '../hosting/space/space-access.ts';
import { readHealth, requestHealth } from '../deployment/server/health.ts';
import { serverUrl } from '../deployment/server/server-url.ts';
import {
  progress,
  planChange,
  unchanged,
  type StepResult,
  type PreviousOutcomes,
  type StepPlan,
  type Step,
} from './step.ts';

const step = { id: 'await-health', service: 'huggingface' } as const;

/** All in milliseconds. */
const pollMs = 1_000;
/** At first: it is our own server that is asked, and mostly it is there at once. */
const firstPollMs = 250;
/** A service may still be connecting when the server first answers. */
const gracePeriodMs = 20_000;
/** The server looks again after half a minute at the latest: it may have seen the book before it was whole. */
const gracePeriodAfterIndexingMs = 45_000;
const longestMs = 4 * 60_000;
/** For a host that cannot be connected to; a Space’s name may be new to the world, another server’s is not. */
const unreachableGracePeriodMs = 20_000;

/** The container that answers runs with what was just written, and everything it needs answers it. */
export const awaitHealth = {
  ...step,
  affectedBy: ['create-space', 'set-secrets', 'set-variables', 'upload-server', 'await-build'],
  inspect,
} satisfies Step;

async function inspect(context: SpaceContext, earlier: PreviousOutcomes): Promise<StepPlan> {
  const [host, expected] = await Promise.all([serverUrl(context), expectedId(context)]);
  if (host === null)
    return planChange(step, 'new', 'asks /api/health until it is healthy', () =>
      wait(context, { wasChanged: true, expected, patience: gracePeriodMs }),
    );
  const wasChanged = awaitHealth.affectedBy.some((step) => earlier.get(step) === 'changed');
  const patience = earlier.get('index-book') === 'changed' ? gracePeriodAfterIndexingMs : gracePeriodMs;
  const health = await readHealth(context, host);
  const isGood = health?.status === 'healthy' && (expected === null || health.deployment_id === expected);
  if (isGood && !wasChanged) return unchanged(step, `${host} is healthy`);
  const now = health === null ? 'does not answer yet' : `says ${health.status}`;
  return planChange(step, 'changes', `${host} ${now}`, () =>
    wait(context, { wasChanged, expected, patience }),
  );
}

/** What the Space's settings say that its server must report; null for a server hosted elsewhere. */
async function expectedId(context: SpaceContext): Promise<string | null> {
  if (context.settings.apiUrl !== null) return null;
  const variables = await hubOf(context).variables(context.target.space);
  return variables['DEPLOYMENT_ID']?.value ?? null;
}

async function* wait(
  context: SpaceContext,
  { wasChanged, expected, patience }: { wasChanged: boolean; expected: string | null; patience: number },
): AsyncGenerator<RunEvent, StepResult> {
  const { now, sleep, signal } = context;
  const host = await serverUrl(context);
  if (host === null) throw noServerUrl(context);
  const startedAt = now();
  let ailingSince: number | null = null;
  let awaySince: number | null = null;
  let note = '';
  for (;;) {
    const { health, failure } = await requestHealth(context, host);
    const isAway = context.settings.apiUrl !== null && failure?.code === 'no-connection';
    awaySince = isAway ? (awaySince ?? now()) : null;
    if (failure !== null && awaySince !== null && now() - awaySince >= unreachableGracePeriodMs)
      throw serverUnreachable(host, failure);
    const isOurs = health !== null && (expected === null || health.deployment_id === expected);
    if (isOurs && health.status === 'healthy') {
      return { outcome: wasChanged ? 'changed' : 'unchanged', reason: `${host} is healthy` };
    }
    const isAiling = isOurs && (health.status === 'degraded' || health.status === 'unhealthy');
    ailingSince = isAiling ? (ailingSince ?? now()) : null;
    if (isAiling && ailingSince !== null && now() - ailingSince >= patience) throw unhealthy(context, health);
    if (now() - startedAt > longestMs) throw tooLong(context, { host, health, expected });
    const next = noteFor(health, isOurs);
    if (next !== note) yield progress(step, { done: 0, total: 1, note: next });
    note = next;
    await sleep(now() - startedAt < 5_000 ? firstPollMs : pollMs, { signal });
    signal.throwIfAborted();
  }
}

function noteFor(health: HealthReport | null, isOurs: boolean): string {
  if (health === null) return 'no answer yet';
  return isOurs ? health.status : 'the old version still answers';
}

function unhealthy(context: SpaceContext, health: HealthReport): Failure {
  const values = secretValues(context);
  const services = Object.entries(health.services ?? {}).flatMap(([name, state]) => {
    if (typeof state !== 'object' || state === null || !('status' in state)) return [];
    const { error, recommended_action: action } = state as { error?: string; recommended_action?: string };
    return (health.failed_services ?? []).includes(name) ? [{ name, error, action }] : [];
  });
  const clean = (text: string | undefined): string => oneLine(redact(text ?? '', values));
  const named = services.map(({ name, error }) => `${name}${error === undefined ? '' : `: ${clean(error)}`}`);
  const actions = services.map(({ action }) => clean(action)).filter((text) => text !== '');
  return new Failure({
    code: 'service-unhealthy',
    service: step.service,
    message: `The server runs but is ${health.status}: ${named.join('; ') || 'it names no service'}.`,
    remedy: `${actions.join(' ') || 'Look at the Space’s log.'} Then run again.`,
  });
}

function tooLong(
  context: SpaceContext,
  of: { host: string; health: HealthReport | null; expected: string | null },
): Failure {
  const { host, health, expected } = of;
  const said =
    health === null ? 'nothing' : `status ${health.status}, deployment ${health.deployment_id ?? 'none'}`;
  return new Failure({
    code: health === null ? 'space-silent' : 'space-not-updated',
    service: step.service,
    message: `${host}/api/health says ${said}; deployment ${expected ?? 'any'} was awaited for ${longestMs / 60_000} minutes.`,
    remedy: `Restart the Space on ${spacePageUrl(context, '/settings')}, then run again.`,
  });
}

function serverUnreachable(host: string, { cause }: HttpFailure): Failure {
  return new Failure({
    kind: 'unreachable',
    code: 'server-unreachable',
    message: `The server ${host} could not be reached: ${reasonOf(cause)}.`,
    remedy: 'Check that address and that the server runs there, then run again with --api-url.',
  });
}

function noServerUrl(context: SpaceContext): Failure {
  return new Failure({
    code: 'space-without-address',
    service: step.service,
    message: `The Hub names no address for the Space ${context.target.space}.`,
    remedy: 'Run again in a minute.',
  });
}
