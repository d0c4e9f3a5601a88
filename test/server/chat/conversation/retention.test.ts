import { expect, test } from 'vitest';
import { ServerFailure } from '../../../../server/failure.ts';
import { Retention } from '../../../../server/chat/conversation/retention.ts';

const day = 86_400_000;
const noon = Date.parse('2026-11-23T12:00:00Z');

function createRetention({ fails = false } = {}) {
  const clock = { now: noon };
  const breaker: { openFailure: null | ServerFailure } = { openFailure: null };
  const runs: number[] = [];
  const logged: unknown[] = [];
  const retention = new Retention({
    days: 30,
    includesUnnamed: false,
    now: () => clock.now,
    breaker,
    onDeleted: () => undefined,
    log: (failure) => logged.push(failure),
    store: {
      deleteExpired: async () => {
        runs.push(clock.now);
        if (fails) throw new Error('away');
        return null;
      },
    },
  });
  const request = async (): Promise<number> => {
    retention.runIfDue();
    await retention.settled();
    return runs.length;
  };
  return { clock, breaker, logged, request };
}

test('the run is due at the first request of a day', async () => {
  const { clock, request } = createRetention();
  expect([await request(), await request()]).toEqual([1, 1]);
  clock.now += day / 2;
  expect([await request(), await request()]).toEqual([2, 2]);
  clock.now += 10 * day;
  expect(await request()).toBe(3);
});

test('a clock that jumps asks the database again, which decides by its own', async () => {
  const { clock, request } = createRetention();
  await request();
  clock.now -= 400 * day;
  expect(await request()).toBe(2);
  clock.now += 4_000 * day;
  expect(await request()).toBe(3);
});

test('a failed run is logged and not repeated at once, and none is begun while the database is down', async () => {
  const { breaker, logged, request } = createRetention({ fails: true });
  breaker.openFailure = new ServerFailure({ code: 'postgres-unreachable', message: 'Down.', remedy: '' });
  expect(await request()).toBe(0);
  breaker.openFailure = null;
  expect([await request(), await request()]).toEqual([1, 1]);
  expect(logged).toHaveLength(1);
});
