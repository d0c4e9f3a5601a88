import { expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';
import { Failure } from '../../../../server/failure.ts';

const down = new Failure({ code: 'down', message: 'Down.', remedy: 'Wait.' });
const failing = () => Promise.reject(down);

function build() {
  const clock = { now: 0 };
  return { clock, breaker: new CircuitBreaker({ service: 'x', now: () => clock.now }) };
}

test('after a failure nobody waits for the service, until one call may try again', async () => {
  const { clock, breaker } = build();
  await expect(breaker.run(failing)).rejects.toBe(down);
  let asked = 0;
  const ask = () => breaker.run(() => Promise.resolve((asked += 1)));
  await expect(ask()).rejects.toBe(down);
  expect(asked).toBe(0);
  clock.now = 5_000;
  const trial = ask();
  await expect(ask()).rejects.toBe(down);
  await trial;
  await ask();
  expect(asked).toBe(2);
});

test('each further failure doubles the pause, and a vendor may name its own', async () => {
  const { clock, breaker } = build();
  await expect(breaker.run(failing)).rejects.toBe(down);
  clock.now = 5_000;
  await expect(breaker.run(failing)).rejects.toBe(down);
  clock.now = 14_999;
  expect(breaker.openFailure).toBe(down);
  clock.now = 15_000;
  const busy = new Failure({ code: 'busy', message: '', remedy: '', retryAfterMs: 100_000 });
  await expect(breaker.run(() => Promise.reject(busy))).rejects.toBe(busy);
  clock.now = 114_999;
  expect(breaker.openFailure).toBe(busy);
  clock.now = 115_000;
  expect(breaker.openFailure).toBeNull();
});

test('a slow call fails alone when others succeeded meanwhile', async () => {
  const { clock, breaker } = build();
  let fail: (error: unknown) => void = () => undefined;
  const slow = breaker.run(() => new Promise((_resolve, reject) => (fail = reject)));
  clock.now = 1_000;
  await breaker.run(() => Promise.resolve());
  fail(down);
  await expect(slow).rejects.toBe(down);
  expect(breaker.openFailure).toBeNull();
});

test('a question that the service refuses shuts it for nobody else', async () => {
  const { breaker } = build();
  const refused = new Failure({ code: 'gemini-request-refused', message: '', remedy: '' });
  await expect(breaker.run(() => Promise.reject(refused))).rejects.toBe(refused);
  expect(breaker.openFailure).toBeNull();
});

test('a reader who leaves is no failure of the service', async () => {
  const { breaker } = build();
  await expect(breaker.run(failing, AbortSignal.abort())).rejects.toBe(down);
  expect(breaker.openFailure).toBeNull();
});

test('a clock that is set back keeps no breaker open for the time that it lost', async () => {
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
