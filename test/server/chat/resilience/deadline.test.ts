import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { rejectOnAbort, settleWithin, withDeadline } from '../../../../server/chat/resilience/deadline.ts';

const never = new Promise<never>(() => undefined);
/** Rejects with the signal's reason, like a vendor's call. */
const untilAborted = (signal: AbortSignal): Promise<never> => rejectOnAbort(never, signal);

test('work is aborted at its deadline, with a Failure of its service', async () => {
  await expect(withDeadline({ ms: 5, service: 'qdrant' }, untilAborted)).rejects.toMatchObject({
    code: 'qdrant-unanswered',
  });
});

test('work is aborted with the caller’s signal and its reason', async () => {
  const reason = new Error('left');
  const controller = new AbortController();
  const options = { signal: controller.signal, ms: 60_000, service: 'qdrant' };
  const result = withDeadline(options, untilAborted);
  controller.abort(reason);
  await expect(result).rejects.toBe(reason);
  await expect(withDeadline(options, untilAborted)).rejects.toBe(reason);
});

test('work in time keeps its result', async () => {
  expect(await withDeadline({ ms: 60_000, service: 'x' }, () => Promise.resolve(1))).toBe(1);
  expect(await settleWithin({ ms: 60_000 }, Promise.resolve(1))).toBe(1);
  await expect(settleWithin({ ms: 60_000 }, Promise.reject(new Error('x')))).rejects.toThrow('x');
});

test('late work is null', async () => {
  expect(await settleWithin({ ms: 1 }, never)).toBeNull();
});

test('many calls at once on one signal are no leak', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const { signal } = new AbortController();
  const call = (): Promise<unknown> =>
    withDeadline({ signal, ms: 1_000, service: 'gemini' }, (limited) => rejectOnAbort(sleep(20), limited));
  await Promise.all(Array.from({ length: 12 }, call));
  await Promise.all(Array.from({ length: 12 }, () => rejectOnAbort(sleep(20), signal)));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
