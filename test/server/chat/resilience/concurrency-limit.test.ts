import { expect, test } from 'vitest';
import { ConcurrencyLimit } from '../../../../server/chat/resilience/concurrency-limit.ts';

test('so many at once and no more, each in its turn, also after one that failed', async () => {
  const turnstile = new ConcurrencyLimit({ limit: 2 });
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string, fails = false) =>
    turnstile.run(async () => {
      log.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (fails) throw new Error(name);
      return name;
    });
  const done = Promise.allSettled([work('one', true), work('two'), work('three'), work('four')]);
  await Promise.resolve();
  expect(log).toEqual(['one', 'two']);
  ends[0]?.();
  await expect.poll(() => log).toEqual(['one', 'two', 'three']);
  ends[2]?.();
  await expect.poll(() => log).toEqual(['one', 'two', 'three', 'four']);
  for (const end of ends) end();
  expect((await done).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  await expect(turnstile.run(() => Promise.resolve('free again'))).resolves.toBe('free again');
});
