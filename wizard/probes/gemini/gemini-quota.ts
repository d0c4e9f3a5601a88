import { z } from 'zod';
import type { HttpFailure } from '../../clients/http-failure.ts';

export type GeminiQuota = {
  per: 'minute' | 'day' | 'unknown';
  /** There is no quota at all: the model is not open to this key. */
  isNone: boolean;
};

/** Details of a 429, as google.rpc.QuotaFailure; ids name the window: `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
const errorSchema = z.looseObject({
  error: z.looseObject({
    details: z
      .array(
        z.looseObject({
          violations: z
            .array(z.looseObject({ quotaId: z.string().nullish(), quotaValue: z.string().nullish() }))
            .nullish(),
        }),
      )
      .nullish(),
  }),
});

/** Which quota a 429 is about; null for any other failure. A day's quota means stop, a minute's means wait. */
export function quotaOf(failure: HttpFailure): GeminiQuota | null {
  if (failure.status !== 429) return null;
  const parsed = errorSchema.safeParse(failure.data);
  const details = parsed.success ? (parsed.data.error.details ?? []) : [];
  const violations = details.flatMap((detail) => detail.violations ?? []);
  const ids = violations.map(({ quotaId }) => quotaId ?? '').join(' ');
  const per = /PerDay/i.test(ids) ? 'day' : /PerMinute/i.test(ids) ? 'minute' : 'unknown';
  return { per, isNone: violations.some(({ quotaValue }) => quotaValue === '0') };
}
