import { expect, test } from 'vitest';
import type { CheckResult } from '../../../server/chat/service-check.ts';
import { HealthMonitor } from '../../../server/http/health-monitor.ts';

test('a transient state is checked at a steady pace, not less and less often', async () => {
  const result: CheckResult = { ok: false, status: 'connected', error: '', remedy: '', isTransient: true };
  await new Promise<void>((resolve) => {
    let checks = 0;
    // With the pauses of a lasting failure, the twentieth check would come after hours.
    const monitor = new HealthMonitor({
      checks: [
        {
          service: 'qdrant',
          check: () => {
            checks += 1;
            if (checks === 20) resolve(monitor.stop());
            return Promise.resolve(result);
          },
        },
      ],
      times: { limit: 1_000, pause: 10 * 60 * 60_000, firstRetry: 30 },
    });
    monitor.start();
  });
});

test('a service that failed is checked at once when traffic shows that it works again', async () => {
  let isAway = true;
  let checks = 0;
  const check = (): Promise<CheckResult> => {
    checks += 1;
    return Promise.resolve(
      isAway
        ? { ok: false, status: 'disconnected', error: '', remedy: '' }
        : { ok: true, status: 'connected', facts: {} },
    );
  };
  const hour = 60 * 60_000;
  const times = { limit: 1_000, pause: hour, firstRetry: hour };
  const monitor = new HealthMonitor({ checks: [{ service: 'qdrant', check }], times });
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  monitor.start();
  await tick();
  monitor.noteSuccess('postgres');
  isAway = false;
  monitor.noteSuccess('qdrant');
  await tick();
  expect(monitor.results?.get('qdrant')?.ok).toBe(true);
  monitor.noteSuccess('qdrant');
  await tick();
  expect(checks).toBe(2);
  monitor.stop();
});
