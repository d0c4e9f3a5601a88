import { VercelApiError } from '../errors.ts';
import type { VercelState } from '../state.ts';

/** Throws the 402 of a free account that has deployed too often today. */
export function assertTakesDeployments({ deploymentsFrom, now }: VercelState): void {
  if (deploymentsFrom === null || now() >= deploymentsFrom) return;
  throw new VercelApiError({
    status: 402,
    code: 'api-deployments-free-per-day',
    message:
      'Resource is limited - try again in 24 hours (more than 100, code: "api-deployments-free-per-day").',
    extra: { limit: { total: 100, remaining: 0, reset: Math.ceil(deploymentsFrom / 1000) } },
  });
}
