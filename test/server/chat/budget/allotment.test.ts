import { expect, test } from 'vitest';
import { Allotment, type Usage } from '../../../../server/chat/budget/allotment.ts';

const day = 86_400_000;

/** Days in memory, added up as the database adds them up. */
function daysInMemory() {
  const days = new Map<string, Usage>();
  return {
    days,
    addFunctionUsage: async ({ day: date, requests, cpuMs }: Usage & { day: string }) => {
      const before = days.get(date) ?? { requests: 0, cpuMs: 0 };
      days.set(date, { requests: before.requests + requests, cpuMs: before.cpuMs + cpuMs });
      const oldest = new Date(Date.parse(date) - 29 * day).toISOString().slice(0, 10);
      const counted = [...days].filter(([name]) => name >= oldest).map(([, usage]) => usage);
      return {
        requests: counted.reduce((sum, usage) => sum + usage.requests, 0),
        cpuMs: counted.reduce((sum, usage) => sum + usage.cpuMs, 0),
      };
    },
  };
}

test('a month of twelve addresses at their full rate ends at 70 % of the allotment, and goes on as days fall out', async () => {
  const store = daysInMemory();
  let [time, cpuMs, answered, mostShare] = [Date.UTC(2026, 0, 1), 0, 0, 0];
  const process = new Allotment({
    limits: { requests: 1_000_000, cpuMinutes: 240 },
    store,
    now: () => time,
    cpuMs: () => cpuMs,
    log: (failure) => expect.unreachable(String(failure)),
  });
  await process.preload();
  const stops: number[] = [];
  for (let minute = 0; minute < 45 * 24 * 60; minute += 1) {
    time += 60_000;
    const isStopped = process.isUsedUp();
    if (isStopped && stops.length === 0) stops.push(minute);
    // 30 questions a minute from each address: 30 ms each, or a sentence of 1 ms.
    for (let second = 0; second < 10; second += 1) {
      for (let question = 0; question < 36; question += 1) process.noteRequest();
      cpuMs += 36 * (process.isUsedUp() ? 0.05 : 30);
      if (!process.isUsedUp()) answered += 36;
      await process.flushed();
    }
    mostShare = Math.max(mostShare, process.share);
    // Requests that are refused count too: without readers who keep asking, it goes on a month later.
    if (isStopped && minute > (stops[0] ?? 0) + 60) break;
  }
  expect(stops).toHaveLength(1);
  expect(answered).toBeGreaterThan(330_000);
  expect(mostShare).toBeLessThan(0.71);
  time += 31 * day;
  await process.flushed();
  expect(process.isUsedUp()).toBe(false);
});

test('nothing is limited where the plan sets no limit, and a database that is away stops nothing', async () => {
  let cpuMs = 1e12;
  const failures: unknown[] = [];
  const options = { now: Date.now, cpuMs: () => cpuMs, log: (failure: unknown) => failures.push(failure) };
  const free = new Allotment({ ...options, limits: { requests: 0, cpuMinutes: 0 }, store: daysInMemory() });
  await free.flushed();
  expect(free.isUsedUp()).toBe(false);
  const away = { addFunctionUsage: () => Promise.reject(new Error('away')) };
  const unseen = new Allotment({ ...options, limits: { requests: 10, cpuMinutes: 1 }, store: away });
  await unseen.preload();
  expect([unseen.isUsedUp(), failures.length]).toEqual([false, 1]);
  cpuMs += 1;
});

test('what could not be stored is stored later', async () => {
  const store = daysInMemory();
  let isAway = true;
  const flaky = {
    addFunctionUsage: (request: Usage & { day: string }) =>
      isAway ? Promise.reject(new Error('away')) : store.addFunctionUsage(request),
  };
  const allotment = new Allotment({
    limits: { requests: 10, cpuMinutes: 0 },
    store: flaky,
    now: Date.now,
    cpuMs: () => 7,
    log: () => undefined,
  });
  for (let n = 0; n < 8; n += 1) allotment.noteRequest();
  await allotment.flushed();
  expect(allotment.isUsedUp()).toBe(false);
  isAway = false;
  await allotment.close({ ms: 1_000 });
  expect([allotment.isUsedUp(), [...store.days.values()]]).toEqual([true, [{ requests: 8, cpuMs: 7 }]]);
});
