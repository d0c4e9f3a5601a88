import type { SpaceRuntime } from '../../clients/hub-schemas.ts';
import { oneLine, redact } from '../../clients/redact.ts';
import { createPoll } from '../poll.ts';
import { Failure } from '../../model/failure.ts';
import { vendorCondition, type VendorCondition } from '../../model/formats/vendor-condition.ts';
import { serviceTitles } from '../../model/service.ts';
import type { BuildPlan, HostingNews, HostingTools } from '../hosting.ts';
import { hubOf, spacePageUrl, type SpaceAccess } from './space-access.ts';
import { errorLineIn, followLog, logTail, type LogFollower, type LogKind } from './space-log.ts';
import { classifyStage, describeStage } from '../stage.ts';
import { readSpaceUrl } from './space-url.ts';

/** All in milliseconds. The Hub asks for no more than one poll a second. */
const pollMs = 1_000;
/** How long the Hub may still show the stage from before our commit. */
const staleMs = 5_000;
/** Longest silence of stage and log, and longest wait in all. */
const quietMs = 10 * 60_000;
const longestMs = 30 * 60_000;

type SpaceTools = SpaceAccess & Pick<HostingTools, 'now' | 'sleep' | 'secrets'>;

/** How far the Space's build is, and what waiting for it would do. */
export async function inspectSpaceBuild(
  access: SpaceTools,
  { wasChanged }: { wasChanged: boolean },
): Promise<BuildPlan> {
  const hub = hubOf(access);
  const space = await hub.space(access.target.space);
  if (space === null) {
    const what = 'the image is built and started, some minutes';
    return { kind: 'new', what, follow: () => wait(access, true, null) };
  }
  const head = space.sha ?? null;
  const { stage } = space.runtime ?? (await hub.runtime(access.target.space));
  const category = classifyStage(stage);
  if (!wasChanged && (category === 'running' || category === 'asleep'))
    return { kind: 'unchanged', what: `the Space is ${describeStage(stage)}`, follow: null };
  const what = `the Space is ${describeStage(stage)} now`;
  return { kind: 'changes', what, follow: () => wait(access, wasChanged, head) };
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
  access: SpaceTools,
  wasChanged: boolean,
  head: string | null,
): AsyncGenerator<HostingNews, string> {
  const { now, sleep, signal } = access;
  const hub = hubOf(access);
  const { space } = access.target;
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
  const poll = createPoll(access);
  try {
    for (;;) {
      const runtime = (await poll(() => hub.runtime(space))) ?? { stage: 'UNREACHABLE' };
      // Opened any earlier, the log would be that of the last build, and stay with it.
      if (runtime.stage.includes('BUILDING'))
        log ??= followLog(access, { kind: 'build', secrets: access.secrets });
      for (const text of log?.take() ?? []) {
        watch.newsAt = now();
        yield { type: 'log', text };
      }
      if (runtime.stage !== watch.stage) {
        watch.newsAt = now();
        watch.stage = runtime.stage;
        yield { type: 'progress', ...phaseOf(runtime.stage), note: describeStage(runtime.stage) };
      }
      if (await isUp(access, { runtime, head, watch })) break;
      await sleep(pollMs, { signal });
      signal.throwIfAborted();
    }
  } finally {
    log?.stop();
  }
  return `the Space ${space} is running`;
}

/** Also wakes and restarts the Space where that helps. Throws Failure when it cannot get to run. */
async function isUp(
  access: SpaceTools,
  { runtime, head, watch }: { runtime: SpaceRuntime; head: string | null; watch: BuildWatch },
): Promise<boolean> {
  const age = access.now() - watch.startedAt;
  const category = classifyStage(runtime.stage);
  const isOld = runtime.sha != null && head !== null && runtime.sha !== head;
  if (category === 'in-progress' || (runtime.sha != null && !isOld)) watch.isCurrent = true;
  if (category === 'running' && !isOld && watch.isCurrent) return true;
  const isStale = !watch.isCurrent && age < staleMs;
  if (isStale) return false;
  // A running Space that names no commit and was never seen building has picked up the change already.
  if (category === 'running' && !isOld) return true;
  if (category === 'asleep') await wakeSpace(access);
  if (category === 'deleting') throw spaceDeleted(access.target.space);
  if (category === 'paused' || category === 'build-failed' || category === 'crashed') {
    await restartOnce(access, { runtime, watch });
  }
  if (access.now() - watch.newsAt > quietMs || age > longestMs) throw spaceStuck(access, runtime.stage);
  return false;
}

/** A paused Space starts by a restart only; a failed build is repeated from scratch. */
async function restartOnce(
  access: SpaceTools,
  { runtime, watch }: { runtime: SpaceRuntime; watch: BuildWatch },
): Promise<void> {
  const category = classifyStage(runtime.stage);
  if (category === 'paused' ? !watch.mayUnpause : !watch.mayRestart) {
    if (category === 'crashed') throw await spaceCrashed(access, runtime);
    throw await buildFailed(access, runtime);
  }
  watch.mayRestart = false;
  watch.mayUnpause = false;
  watch.isCurrent = false;
  watch.startedAt = access.now();
  await hubOf(access).restart(access.target.space, { factory: category === 'build-failed' });
}

/** Any visitor wakes a sleeping Space. */
async function wakeSpace(access: SpaceTools): Promise<void> {
  const url = await readSpaceUrl(access);
  if (url === null) return;
  const { http, signal } = access;
  const request = { service: 'huggingface', what: 'waking the Space', url, signal, retry: false } as const;
  await http.text(request).catch(() => signal.throwIfAborted());
}

function phaseOf(stage: string): { done: number; total: number } {
  const isBuilding = stage.includes('BUILDING');
  const done = isBuilding ? 0 : stage.includes('APP_STARTING') ? 1 : stage === 'RUNNING' ? 2 : 0;
  return { done, total: 2 };
}

const service = 'huggingface';

async function buildFailed(access: SpaceTools, runtime: SpaceRuntime): Promise<Failure> {
  const line = await errorLine(access, 'build');
  const why = hubReason(access, runtime) || line || 'the Hub gives no reason';
  const detail = line !== '' && !why.includes(line) ? `${why}; the log says: ${line}` : why;
  const message = `The Space did not build (${runtime.stage}): ${detail}`;
  const condition = hubCondition(hubReason(access, runtime));
  if (condition !== null) return new Failure({ ...condition, service, message });
  return new Failure({
    code: 'space-build-failed',
    service,
    message,
    remedy: `Run again: it builds from scratch. The whole log: ${spacePageUrl(access, '?logs=build')}`,
  });
}

async function spaceCrashed(access: SpaceTools, runtime: SpaceRuntime): Promise<Failure> {
  const line = await errorLine(access, 'run');
  const reason = hubReason(access, runtime);
  const why = [reason, reason.includes(line) ? '' : line]
    .filter((part) => part !== '')
    .join('; the log says: ');
  const condition = hubCondition(reason);
  if (condition !== null)
    return new Failure({
      ...condition,
      service,
      message: `The Space was stopped (${runtime.stage}): ${why}`,
    });
  return new Failure({
    code: 'space-crashed',
    service,
    message: `The server in the Space exited at start-up (${runtime.stage}): ${why || 'it printed nothing'}`,
    remedy: `Fix what it names, then run again: it restarts. The whole log: ${spacePageUrl(access, '?logs=container')}`,
  });
}

async function errorLine(access: SpaceTools, kind: LogKind): Promise<string> {
  return errorLineIn(await logTail(access, { kind, secrets: access.secrets, lines: 200 }));
}

/** Redacted, because a server that crashed may have printed its environment. */
function hubReason(access: SpaceTools, { errorMessage }: SpaceRuntime): string {
  return oneLine(redact(errorMessage ?? '', access.secrets));
}

/** The Hub's own sentence; behind an exit code it quotes what the program printed. */
function hubCondition(reason: string): VendorCondition | null {
  return /exit code/i.test(reason) ? null : vendorCondition(reason, serviceTitles[service]);
}

function spaceDeleted(space: string): Failure {
  return new Failure({
    code: 'space-deleted',
    service,
    message: `The Space ${space} is being deleted.`,
    remedy: 'Run again once it is gone, or choose another name with --space OWNER/NAME.',
  });
}

function spaceStuck(access: SpaceTools, stage: string): Failure {
  return new Failure({
    code: 'space-stuck',
    service,
    message: `The Space has been ${describeStage(stage)} for a long time without any output.`,
    remedy: `Choose "Factory rebuild" on ${spacePageUrl(access, '/settings')}, then run again.`,
  });
}
