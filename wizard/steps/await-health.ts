import type { HealthReport } from '../../server/contract.ts';
import { reasonOf, type HttpFailure } from '../clients/http-failure.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { readHealth, requestHealth } from '../deployment/server/health.ts';
import { noServerUrl, serverUrl } from '../deployment/server/server-url.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import { Failure } from '../model/failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  hostedStep,
  planChange,
  progress,
  unchanged,
  type PreviousOutcomes,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const id = 'await-health';

/** All in milliseconds. */
const pollMs = 1_000;
/** In the first seconds: the server is ours, and mostly answers at once. */
const firstPollMs = 250;
const firstPollsMs = 5_000;
/** How long a server may be degraded: a service may still be connecting when it first answers. */
const gracePeriodMs = 20_000;
/** After indexing longer: the server checks its services every half a minute, and may have seen half the book. */
const gracePeriodAfterIndexingMs = 45_000;
const longestMs = 4 * 60_000;
/** How long another host may be unreachable; a new Space's name takes time to get into DNS, so it has longestMs. */
const unreachableGracePeriodMs = 20_000;

/** Waits until the server that answers runs with what was just written, and all its services are healthy. */
export const awaitHealth = {
  id,
  service: hostingService,
  affectedBy: ['create-space', 'set-secrets', 'set-variables', 'upload-server', 'await-build'],
  inspect,
} satisfies Step;

type HealthWait = {
  /** Whether this run changed what the server runs with. */
  wasChanged: boolean;
  /** The `DEPLOYMENT_ID` that the server must report; null accepts any. */
  expectedId: string | null;
  gracePeriodMs: number;
};

async function inspect(context: SpaceContext, previous: PreviousOutcomes): Promise<StepPlan> {
  const step = hostedStep(context, id);
  const [url, expectedId] = await Promise.all([serverUrl(context), readExpectedId(context)]);
  if (url === null)
    return planChange(step, 'new', 'asks /api/health until it is healthy', () =>
      wait(context, { wasChanged: true, expectedId, gracePeriodMs }),
    );
  const wasChanged = awaitHealth.affectedBy.some((id) => previous.get(id) === 'changed');
  const wasIndexed = previous.get('index-book') === 'changed';
  const health = await readHealth(context, url);
  const isGood = health?.status === 'healthy' && (expectedId === null || health.deployment_id === expectedId);
  if (isGood && !wasChanged) return unchanged(step, `${url} is healthy`);
  const state = health === null ? 'does not answer yet' : `says ${health.status}`;
  const longest = wasIndexed ? gracePeriodAfterIndexingMs : gracePeriodMs;
  return planChange(step, 'changes', `${url} ${state}`, () =>
    wait(context, { wasChanged, expectedId, gracePeriodMs: longest }),
  );
}

/** The id in the Space's settings; null for a server that is hosted elsewhere. */
async function readExpectedId(context: SpaceContext): Promise<string | null> {
  if (context.settings.apiUrl !== null) return null;
  const { variables } = await hostingOf(context).settings();
  return variables['DEPLOYMENT_ID']?.value ?? null;
}

async function* wait(context: SpaceContext, options: HealthWait): AsyncGenerator<RunEvent, StepResult> {
  const { wasChanged, expectedId } = options;
  const { now, sleep, signal } = context;
  const url = await serverUrl(context);
  if (url === null) throw noServerUrl(context);
  const startedAt = now();
  let degradedSince: number | null = null;
  let unreachableSince: number | null = null;
  let note = '';
  for (;;) {
    const { health, failure } = await requestHealth(context, url);
    const isUnreachable = context.settings.apiUrl !== null && failure?.code === 'no-connection';
    unreachableSince = isUnreachable ? (unreachableSince ?? now()) : null;
    if (failure !== null && unreachableSince !== null && now() - unreachableSince >= unreachableGracePeriodMs)
      throw serverUnreachable(url, failure);
    const isExpected = health !== null && (expectedId === null || health.deployment_id === expectedId);
    if (isExpected && health.status === 'healthy') {
      return { outcome: wasChanged ? 'changed' : 'unchanged', reason: `${url} is healthy` };
    }
    if (isExpected && context.settings.noIndex === true && lacksOnlyTheBook(health)) {
      yield bookNotIndexed(health);
      return { outcome: wasChanged ? 'changed' : 'unchanged', reason: `${url} runs, without a book` };
    }
    const isDegraded = isExpected && (health.status === 'degraded' || health.status === 'unhealthy');
    degradedSince = isDegraded ? (degradedSince ?? now()) : null;
    if (isDegraded && degradedSince !== null && now() - degradedSince >= options.gracePeriodMs)
      throw serviceUnhealthy(context, health);
    if (now() - startedAt > longestMs) throw tooLong(context, { url, health, expectedId });
    const next = noteFor(health, isExpected);
    if (next !== note) yield progress(hostedStep(context, id), { done: 0, total: 1, note: next });
    note = next;
    await sleep(now() - startedAt < firstPollsMs ? firstPollMs : pollMs, { signal });
    signal.throwIfAborted();
  }
}

/** All services are well, and nothing was indexed yet. */
function lacksOnlyTheBook({ failed_services: failed = [], services }: HealthReport): boolean {
  return failed.join() === 'qdrant' && services?.qdrant?.['code'] === 'qdrant-collection-missing';
}

function bookNotIndexed({ services }: HealthReport): RunEvent {
  const name = services?.qdrant?.['collection'];
  return {
    type: 'notice',
    code: 'book-not-indexed',
    message: `The server runs, but ${typeof name === 'string' ? `the collection ${name}` : 'its collection'} does not exist yet, so it has no book to answer from.`,
    remedy: 'Index the book: npx rag-space-setup index',
  };
}

function noteFor(health: HealthReport | null, isExpected: boolean): string {
  if (health === null) return 'no answer yet';
  return isExpected ? health.status : 'the old version still answers';
}

function serviceUnhealthy(context: SpaceContext, health: HealthReport): Failure {
  const values = secretValues(context);
  const failed = Object.entries(health.services ?? {}).flatMap(([name, state]) => {
    if (typeof state !== 'object' || state === null || !('status' in state)) return [];
    const { error, recommended_action: action } = state as { error?: string; recommended_action?: string };
    return (health.failed_services ?? []).includes(name) ? [{ name, error, action }] : [];
  });
  const clean = (text: string | undefined): string => oneLine(redact(text ?? '', values));
  const reasons = failed.map(({ name, error }) => `${name}${error === undefined ? '' : `: ${clean(error)}`}`);
  const why = reasons.join('; ').replace(/\.$/, '') || 'it names no service';
  const actions = failed.map(({ action }) => clean(action)).filter((text) => text !== '');
  return new Failure({
    code: 'service-unhealthy',
    service: hostingService(context),
    message: `The server runs but is ${health.status}: ${why}.`,
    remedy: `${actions.join(' ') || 'Look at the server’s log.'} Then run again.`,
  });
}

function tooLong(
  context: SpaceContext,
  last: { url: string; health: HealthReport | null; expectedId: string | null },
): Failure {
  const { url, health, expectedId } = last;
  const state =
    health === null ? 'nothing' : `status ${health.status}, deployment ${health.deployment_id ?? 'none'}`;
  return new Failure({
    code: health === null ? 'space-silent' : 'space-not-updated',
    service: hostingService(context),
    message: `${url}/api/health says ${state}; deployment ${expectedId ?? 'any'} was awaited for ${longestMs / 60_000} minutes.`,
    remedy: `Restart ${hostingOf(context).noun} on ${hostingOf(context).page('settings')}, then run again.`,
  });
}

function serverUnreachable(url: string, { cause }: HttpFailure): Failure {
  return new Failure({
    kind: 'unreachable',
    code: 'server-unreachable',
    message: `The server ${url} could not be reached: ${reasonOf(cause)}.`,
    remedy: 'Check that address and that the server runs there, then run again with --api-url.',
  });
}
