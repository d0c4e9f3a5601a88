import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { deadline } from '../../../wizard/clients/deadline.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** As a request has it: it holds the signal by a listener alone. */
function ending(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
}

it('comes also when nobody holds it and memory was collected meanwhile', async () => {
  const run = new AbortController();
  const ended = ending(AbortSignal.any([deadline({ signal: run.signal, ms: 200 })]));
  for (let n = 0; n < 5; n++) {
    await sleep(10);
    collect();
  }
  expect(await ended).toMatchObject({ name: 'TimeoutError' });
});

it('ends with the run, with its reason', async () => {
  const run = new AbortController();
  const signal = deadline({ signal: run.signal, ms: 60_000 });
  run.abort(new Error('cancelled'));
  expect(signal.reason).toMatchObject({ message: 'cancelled' });
  expect(deadline({ signal: run.signal, ms: 60_000 }).aborted).toBe(true);
});
