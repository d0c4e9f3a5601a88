import { test } from 'vitest';
import type { CheckResult } from '../../../server/chat/ports.ts';
import { HealthMonitor } from '../../../server/http/health-monitor.ts';

test('what is about to pass is looked at again and again, not ever less often', async () => {
  const found: CheckResult = { ok: false, status: 'connected', error: '', remedy: '', isPassing: true };
  await new Promise<void>((resolve) => {
    let looks = 0;
    // With the pauses of a failure that stays, the twentieth look would come after hours.
    const watch = new HealthMonitor({
      checks: [
        {
          service: 'qdrant',
          check: () => {
            looks += 1;
            if (looks === 20) resolve(watch.stop());
            return Promise.resolve(found);
          },
        },
      ],
      times: { limit: 1_000, pause: 10 * 60 * 60_000, firstRetry: 30 },
    });
    watch.start();
  });
});
