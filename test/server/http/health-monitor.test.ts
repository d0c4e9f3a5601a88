import { test } from 'vitest';
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
