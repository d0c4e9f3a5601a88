import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Deadline, deadline } from '../../../wizard/clients/deadline.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Holds the signal only by a listener, as a request does. */
function reasonOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
}

describe('a deadline', () => {
  it('passes even when no one holds its signal and memory is collected', async () => {
    const run = new AbortController();
    const reason = reasonOf(AbortSignal.any([deadline({ signal: run.signal, ms: 200 })]));
    for (let n = 0; n < 5; n++) {
      await sleep(10);
      collect();
    }
    expect(await reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('ends with the run, and with its reason', async () => {
    const run = new AbortController();
    const limit = new Deadline({ signal: run.signal, ms: 60_000 });
    run.abort(new Error('cancelled'));
    expect(limit.signal.reason).toMatchObject({ message: 'cancelled' });
    expect(limit.isPast).toBe(false);
    expect(deadline({ signal: run.signal, ms: 60_000 }).aborted).toBe(true);
  });

  it('can be restarted and paused, and is over once closed', async () => {
    const limit = new Deadline({ signal: new AbortController().signal, ms: 20 });
    limit.pause();
    await sleep(40);
    expect(limit.isPast).toBe(false);
    limit.restart(10);
    await sleep(40);
    expect(limit.isPast).toBe(true);
    limit.close();
    limit.restart(1);
    await sleep(10);
    expect(limit.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });
});
