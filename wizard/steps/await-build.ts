import type { SpaceRuntime } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/run/event.ts';
import { spaceBuildFailed, spaceCrashed, spaceDeleted, spaceStuck } from './build-failures.ts';
import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { hubOf } from '../hosting/space/space-access.ts';
import { serverUrl } from '../deployment/server/server-url.ts';
import { followLog, type LogFollower } from '../hosting/space/space-log.ts';
import { classifyStage, describeStage } from '../hosting/space/space-stage.ts';
import { createPoll } from '../deployment/poll.ts';
import {
  progress,
  skipped,
  planChange,
  unchanged,
  type StepResult,
  type PreviousOutcomes,
  type StepPlan,
  type Step,
} from './step.ts';

const step = { id: 'await-build', service: 'huggingface' } as const;

/** All in milliseconds. The Hub asks for no more than one poll a second. */
const pollMs = 1_000;
/** How long a stage of the time before our commit may still be shown after it. */
const staleMs = 5_000;
const quietMs = 10 * 60_000;
const longestMs = 30 * 60_000;

export const awaitBuild = {
  ...step,
  affectedBy: ['create-space', 'set-secrets', 'set-variables', 'upload-server'],
  inspect,
} satisfies Step;

async function inspect(context: SpaceContext, earlier: PreviousOutcomes): Promise<StepPlan> {
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const hub = hubOf(context);
  const space = await hub.space(context.target.space);
  if (space === null)
    return planChange(step, 'new', 'the image is built and started, some minutes', () =>
      wait(context, true, null),
    );
  const head = space.sha ?? null;
  const { stage } = space.runtime ?? (await hub.runtime(context.target.space));
  const wasChanged = awaitBuild.affectedBy.some((step) => earlier.get(step) === 'changed');
  if (!wasChanged && (classifyStage(stage) === 'running' || classifyStage(stage) === 'asleep')) {
    return unchanged(step, `the Space is ${describeStage(stage)}`);
  }
  return planChange(step, 'changes', `the Space is ${describeStage(stage)} now`, () =>
    wait(context, wasChanged, head),
  );
}

type BuildWatch = {
  startedAt: number;
  /** When the stage or the log last said something new. */
  newsAt: number;
  stage: string;
  /** True once a stage that belongs to what we changed was seen. */
  isCurrent: boolean;
  /** An end that stood before this run is tried again once; one that this run brought about is told. */
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
      // Not before: the Hub would show the log of the last build, and stay with it.
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

/** Wakes and restarts where that is the way on. Throws Failure for an end that is not the wanted one. */
async function isUp(
  context: SpaceContext,
  { runtime, head, watch }: { runtime: SpaceRuntime; head: string | null; watch: BuildWatch },
): Promise<boolean> {
  const age = context.now() - watch.startedAt;
  const meaning = classifyStage(runtime.stage);
  const isOld = runtime.sha != null && head !== null && runtime.sha !== head;
  if (meaning === 'in-progress' || (runtime.sha != null && !isOld)) watch.isCurrent = true;
  if (meaning === 'running' && !isOld && watch.isCurrent) return true;
  const isStale = !watch.isCurrent && age < staleMs;
  if (isStale) return false;
  // A running Space that names no commit and was never seen building has taken the change in already.
  if (meaning === 'running' && !isOld) return true;
  if (meaning === 'asleep') await wakeSpace(context);
  if (meaning === 'deleting') throw spaceDeleted(context.target.space);
  if (meaning === 'paused' || meaning === 'build-failed' || meaning === 'crashed') {
    await restartOnce(context, { runtime, watch });
  }
  if (context.now() - watch.newsAt > quietMs || age > longestMs)
    throw spaceStuck(context, { stage: runtime.stage });
  return false;
}

/** A pause is ended by a restart alone. */
async function restartOnce(
  context: SpaceContext,
  { runtime, watch }: { runtime: SpaceRuntime; watch: BuildWatch },
): Promise<void> {
  const meaning = classifyStage(runtime.stage);
  if (meaning === 'paused' ? !watch.mayUnpause : !watch.mayRestart) {
    if (meaning === 'crashed') throw await spaceCrashed(context, runtime);
    throw await spaceBuildFailed(context, runtime);
  }
  watch.mayRestart = false;
  watch.mayUnpause = false;
  watch.isCurrent = false;
  watch.startedAt = context.now();
  await hubOf(context).restart(context.target.space, { factory: meaning === 'build-failed' });
}

/** Any visitor wakes a sleeping Space. */
async function wakeSpace(context: SpaceContext): Promise<void> {
  const host = await serverUrl(context);
  if (host === null) return;
  const { http, signal } = context;
  const request = {
    service: 'huggingface',
    what: 'waking the Space',
    url: host,
    signal,
    retry: false,
  } as const;
  await http.text(request).catch(() => signal.throwIfAborted());
}

function phaseOf(stage: string): { done: number; total: number } {
  const done = stage.includes('BUILDING')
    ? 0
    : stage.includes('APP_STARTING')
      ? 1
      : stage === 'RUNNING'
        ? 2
        : 0;
  return { done, total: 2 };
}
