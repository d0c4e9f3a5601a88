import type { SpaceRuntime } from '../clients/hub-schemas.ts';
import { oneLine, redact } from '../clients/redact.ts';
import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { createPoll } from '../deployment/poll.ts';
import { serverUrl } from '../deployment/server/server-url.ts';
import { hubOf, spacePageUrl } from '../hosting/space/space-access.ts';
import {
  errorLineIn,
  followLog,
  logTail,
  type LogFollower,
  type LogKind,
} from '../hosting/space/space-log.ts';
import { classifyStage, describeStage } from '../hosting/space/space-stage.ts';
import { Failure } from '../model/failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  planChange,
  progress,
  skipped,
  unchanged,
  type PreviousOutcomes,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const step = { id: 'await-build', service: 'huggingface' } as const;

/** All in milliseconds. The Hub asks for no more than one poll a second. */
const pollMs = 1_000;
/** How long the Hub may still show the stage from before our commit. */
const staleMs = 5_000;
/** Longest silence of stage and log, and longest wait in all. */
const quietMs = 10 * 60_000;
const longestMs = 30 * 60_000;

/** Follows the Space's build until the new image runs. */
export const awaitBuild = {
  ...step,
  affectedBy: ['create-space', 'set-secrets', 'set-variables', 'upload-server'],
  inspect,
} satisfies Step;

async function inspect(context: SpaceContext, previous: PreviousOutcomes): Promise<StepPlan> {
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const hub = hubOf(context);
  const space = await hub.space(context.target.space);
  if (space === null)
    return planChange(step, 'new', 'the image is built and started, some minutes', () =>
      wait(context, true, null),
    );
  const head = space.sha ?? null;
  const { stage } = space.runtime ?? (await hub.runtime(context.target.space));
  const category = classifyStage(stage);
  const wasChanged = awaitBuild.affectedBy.some((id) => previous.get(id) === 'changed');
  if (!wasChanged && (category === 'running' || category === 'asleep')) {
    return unchanged(step, `the Space is ${describeStage(stage)}`);
  }
  const what = `the Space is ${describeStage(stage)} now`;
  return planChange(step, 'changes', what, () => wait(context, wasChanged, head));
}

type BuildWatch = {
  startedAt: number;
  /** When the stage or the log last showed something new. */
  newsAt: number;
  stage: string;
  /** True once a stage was seen that belongs to what this run changed. */
  isCurrent: boolean;
  /** A failure from before this run is retried once; one that this run caused is reported. */
  mayRestart: boolean;
  mayUnpause: boolean;
};

async function* wait(
  context: SpaceContext,
  wasChanged: boolean,
  head: string | null,
): AsyncGenerator<RunEvent, StepResult> {
  const { now, sleep, signal } = context;
  const hub = hubOf(context);
  const { space } = context.target;
  const startedAt = now();
  const watch: BuildWatch = {
    startedAt,
    newsAt: startedAt,
    stage: '',
    isCurrent: !wasChanged,
    mayRestart: !wasChanged,
    mayUnpause: true,
  };
  let log: LogFollower | null = null;
  const poll = createPoll(context);
  try {
    for (;;) {
      const runtime = (await poll(() => hub.runtime(space))) ?? { stage: 'UNREACHABLE' };
      // Opened any earlier, the log would be that of the last build, and stay with it.
      if (runtime.stage.includes('BUILDING'))
        log ??= followLog(context, { kind: 'build', secrets: secretValues(context) });
      for (const text of log?.take() ?? []) {
        watch.newsAt = now();
        yield { type: 'log', source: 'build', text, step: step.id };
      }
      if (runtime.stage !== watch.stage) {
        watch.newsAt = now();
        watch.stage = runtime.stage;
        yield progress(step, { ...phaseOf(runtime.stage), note: describeStage(runtime.stage) });
      }
      if (await isUp(context, { runtime, head, watch })) break;
      await sleep(pollMs, { signal });
      signal.throwIfAborted();
    }
  } finally {
    log?.stop();
  }
  return { outcome: 'changed', reason: `the Space ${space} is running` };
}

/** Also wakes and restarts the Space where that helps. Throws Failure when it cannot get to run. */
async function isUp(
  context: SpaceContext,
  { runtime, head, watch }: { runtime: SpaceRuntime; head: string | null; watch: BuildWatch },
): Promise<boolean> {
  const age = context.now() - watch.startedAt;
  const category = classifyStage(runtime.stage);
  const isOld = runtime.sha != null && head !== null && runtime.sha !== head;
  if (category === 'in-progress' || (runtime.sha != null && !isOld)) watch.isCurrent = true;
  if (category === 'running' && !isOld && watch.isCurrent) return true;
  const isStale = !watch.isCurrent && age < staleMs;
  if (isStale) return false;
  // A running Space that names no commit and was never seen building has picked up the change already.
  if (category === 'running' && !isOld) return true;
  if (category === 'asleep') await wakeSpace(context);
  if (category === 'deleting') throw spaceDeleted(context.target.space);
  if (category === 'paused' || category === 'build-failed' || category === 'crashed') {
    await restartOnce(context, { runtime, watch });
  }
  if (context.now() - watch.newsAt > quietMs || age > longestMs) throw spaceStuck(context, runtime.stage);
  return false;
}

/** A paused Space starts by a restart only; a failed build is repeated from scratch. */
async function restartOnce(
  context: SpaceContext,
  { runtime, watch }: { runtime: SpaceRuntime; watch: BuildWatch },
): Promise<void> {
  const category = classifyStage(runtime.stage);
  if (category === 'paused' ? !watch.mayUnpause : !watch.mayRestart) {
    if (category === 'crashed') throw await spaceCrashed(context, runtime);
    throw await buildFailed(context, runtime);
  }
  watch.mayRestart = false;
  watch.mayUnpause = false;
  watch.isCurrent = false;
  watch.startedAt = context.now();
  await hubOf(context).restart(context.target.space, { factory: category === 'build-failed' });
}

/** Any visitor wakes a sleeping Space. */
async function wakeSpace(context: SpaceContext): Promise<void> {
  const url = await serverUrl(context);
  if (url === null) return;
  const { http, signal } = context;
  const request = { service: 'huggingface', what: 'waking the Space', url, signal, retry: false } as const;
  await http.text(request).catch(() => signal.throwIfAborted());
}

function phaseOf(stage: string): { done: number; total: number } {
  const isBuilding = stage.includes('BUILDING');
  const done = isBuilding ? 0 : stage.includes('APP_STARTING') ? 1 : stage === 'RUNNING' ? 2 : 0;
  return { done, total: 2 };
}

const { service } = step;

async function buildFailed(context: SpaceContext, runtime: SpaceRuntime): Promise<Failure> {
  const line = await errorLine(context, 'build');
  const why = hubReason(context, runtime) || line || 'the Hub gives no reason';
  const detail = line !== '' && !why.includes(line) ? `${why}; the log says: ${line}` : why;
  return new Failure({
    code: 'space-build-failed',
    service,
    message: `The Space did not build (${runtime.stage}): ${detail}`,
    remedy: `Run again: it builds from scratch. The whole log: ${spacePageUrl(context, '?logs=build')}`,
  });
}

async function spaceCrashed(context: SpaceContext, runtime: SpaceRuntime): Promise<Failure> {
  const line = await errorLine(context, 'run');
  const reason = hubReason(context, runtime);
  const why = [reason, reason.includes(line) ? '' : line]
    .filter((part) => part !== '')
    .join('; the log says: ');
  return new Failure({
    code: 'space-crashed',
    service,
    message: `The server in the Space exited at start-up (${runtime.stage}): ${why || 'it printed nothing'}`,
    remedy: `Fix what it names, then run again: it restarts. The whole log: ${spacePageUrl(context, '?logs=container')}`,
  });
}

async function errorLine(context: SpaceContext, kind: LogKind): Promise<string> {
  return errorLineIn(await logTail(context, { kind, secrets: secretValues(context), lines: 200 }));
}

/** Redacted, because a server that crashed may have printed its environment. */
function hubReason(context: SpaceContext, { errorMessage }: SpaceRuntime): string {
  return oneLine(redact(errorMessage ?? '', secretValues(context)));
}

function spaceDeleted(space: string): Failure {
  return new Failure({
    code: 'space-deleted',
    service,
    message: `The Space ${space} is being deleted.`,
    remedy: 'Run again once it is gone, or choose another name with --space OWNER/NAME.',
  });
}

function spaceStuck(context: SpaceContext, stage: string): Failure {
  return new Failure({
    code: 'space-stuck',
    service,
    message: `The Space has been ${describeStage(stage)} for a long time without any output.`,
    remedy: `Choose "Factory rebuild" on ${spacePageUrl(context, '/settings')}, then run again.`,
  });
}
