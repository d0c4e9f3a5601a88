import { exitCodes, Failure } from '../model/failure.ts';
import { healthAt } from '../steps/await-health.ts';
import { spacePage, type SpaceContext } from '../steps/context.ts';
import { hostOf } from '../steps/host.ts';
import type { Ended } from './deploy.ts';
import type { Session } from '../model/world.ts';

/** All in milliseconds. A Space that sleeps is started by its first visitor. */
const pollMs = 2_000;
const longestMs = 4 * 60_000;

/** Visits a Space that sleeps until its server answers. Throws Failure `space-silent`. */
export async function wakeUp(session: Session, context: SpaceContext): Promise<Ended> {
  const { now, sleep, signal } = context;
  const { space } = context.target;
  const say = (code: string, message: string): void =>
    session.emit({ type: 'notice', code, message, remedy: '' });
  say('waking', `${space} is being woken; that may take a minute.`);
  const host = await hostOf(context);
  const startedAt = now();
  while (now() - startedAt < longestMs) {
    const health = host === null ? null : await healthAt(context, host);
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
    service: 'huggingface',
    message: `${space} did not answer within ${longestMs / 60_000} minutes of being visited.`,
    remedy: `Restart it on ${spacePage(context, '/settings')}.`,
  });
}
