import { expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';
import { ServerFailure } from '../../../../server/failure.ts';

const down = new ServerFailure({ code: 'down', message: 'Down.', remedy: 'Wait.' });
const failing = () => Promise.reject(down);

function build() {
  const clock = { now: 0 };
  return { clock, breaker: new CircuitBreaker({ service: 'x', now: () => clock.now }) };
}

test('after a failure, calls fail at once until a trial call is allowed', async () => {
  const { clock, breaker } = build();
  await expect(breaker.run(failing)).rejects.toBe(down);
  let calls = 0;
  const call = () => breaker.run(() => Promise.resolve((calls += 1)));
  await expect(call()).rejects.toBe(down);
  expect(calls).toBe(0);
  clock.now = 5_000;
  const trial = call();
  await expect(call()).rejects.toBe(down);
  await trial;
  await call();
  expect(calls).toBe(2);
});

test('each further failure doubles the pause, and a vendor may set its own', async () => {
  const { clock, breaker } = build();
  await expect(breaker.run(failing)).rejects.toBe(down);
  clock.now = 5_000;
  await expect(breaker.run(failing)).rejects.toBe(down);
  clock.now = 14_999;
  expect(breaker.openFailure).toBe(down);
  clock.now = 15_000;
  const busy = new ServerFailure({ code: 'busy', message: '', remedy: '', retryAfterMs: 100_000 });
  await expect(breaker.run(() => Promise.reject(busy))).rejects.toBe(busy);
  clock.now = 114_999;
  expect(breaker.openFailure).toBe(busy);
  clock.now = 115_000;
  expect(breaker.openFailure).toBeNull();
});

test('a later success wins over an earlier slow failure', async () => {
  const { clock, breaker } = build();
  let fail: (error: unknown) => void = () => undefined;
  const slow = breaker.run(() => new Promise((_resolve, reject) => (fail = reject)));
  clock.now = 1_000;
  await breaker.run(() => Promise.resolve());
  fail(down);
  await expect(slow).rejects.toBe(down);
  expect(breaker.openFailure).toBeNull();
});

test('a question that the service rejects does not open the breaker', async () => {
  const { breaker } = build();
  const refused = new ServerFailure({ code: 'gemini-request-refused', message: '', remedy: '' });
  await expect(breaker.run(() => Promise.reject(refused))).rejects.toBe(refused);
  expect(breaker.openFailure).toBeNull();
});

test('a client that disconnects is not a failure of the service', async () => {
  const { breaker } = build();
  await expect(breaker.run(failing, AbortSignal.abort())).rejects.toBe(down);
  expect(breaker.openFailure).toBeNull();
});

test('a clock that is set back does not keep the breaker open', async () => {
  vi.useFakeTimers();
  try {
    const breaker = new CircuitBreaker({ service: 'x' });
    await expect(breaker.run(failing)).rejects.toBe(down);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(5_000);
    expect(breaker.openFailure).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});
