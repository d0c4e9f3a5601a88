import { exitCodes, Failure } from '../model/failure.ts';
import { readHealth } from '../deployment/server/health.ts';
import type { SpaceContext } from '../deployment/context.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import { serverUrl } from '../deployment/server/server-url.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import type { Session } from '../model/runtime.ts';

/** All in milliseconds. A Space that sleeps is started by its first visitor. */
const pollMs = 2_000;
const longestMs = 4 * 60_000;

/** Visits a Space that sleeps until its server answers. Throws Failure `space-silent`. */
export async function wake(session: Session, context: SpaceContext): Promise<CommandResult> {
  const { now, sleep, signal } = context;
  const { space } = context.target;
  const say = (code: string, message: string): void =>
    session.emit({ type: 'notice', code, message, remedy: '' });
  say('waking', `${space} is being woken; that may take a minute.`);
  const host = await serverUrl(context);
  const startedAt = now();
  while (now() - startedAt < longestMs) {
    const health = host === null ? null : await readHealth(context, host);
    if (host !== null && health !== null && health.status !== 'starting') {
      say('awake', `${space} is awake and ${health.status}.`);
      return {
        deployment: { space, url: host, health: health.status, frontend: null },
        exitCode: exitCodes.done,
      };
    }
    await sleep(pollMs, { signal });
    signal.throwIfAborted();
  }
  throw new Failure({
    code: 'space-silent',
    service: hostingService(context),
    message: `${space} did not answer within ${longestMs / 60_000} minutes of being visited.`,
    remedy: `Restart it on ${hostingOf(context).page('settings')}.`,
  });
}
