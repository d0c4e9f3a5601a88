import * as z from 'zod';
import type { HttpFailure } from '../../clients/http-failure.ts';

/**
 * What a 429 is about: a minute's quota means wait, a day's means stop. `none`: the model has no quota for this key, today
 * or ever. `credits`: what was paid in advance for the key's project is used up, for every model.
 */
export type GeminiQuota = 'minute' | 'day' | 'unknown' | 'none' | 'credits';

/** Details of a 429, as google.rpc.QuotaFailure; ids name the window: `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
const errorSchema = z.looseObject({
  error: z.looseObject({
    message: z.string().nullish(),
    details: z
      .array(
        z.looseObject({
          violations: z
            .array(
              z.looseObject({
                quotaId: z.string().nullish(),
                quotaValue: z.union([z.string(), z.number()]).nullish(),
              }),
            )
            .nullish(),
        }),
      )
      .nullish(),
  }),
});

/**
 * Which quota a 429 is about; null for any other failure. JSON of proto3 leaves a zero out: a quota of zero is a violation
 * without `quotaValue` and `limit: 0` in the message.
 */
export function quotaOf(failure: HttpFailure): GeminiQuota | null {
  if (failure.status !== 429) return null;
  const { message, details } = errorSchema.safeParse(failure.data).data?.error ?? {};
  const violations = (details ?? []).flatMap((detail) => detail.violations ?? []);
  if (/\bcredits?\b.*\bdepleted\b/i.test(message ?? '')) return 'credits';
  const saysZero = /\blimit: ?0(?![\d.])/.test(message ?? '');
  if (violations.some(({ quotaValue }) => Number(quotaValue ?? (saysZero ? 0 : Number.NaN)) === 0))
    return 'none';
  const ids = violations.map(({ quotaId }) => quotaId ?? '').join(' ');
  return /PerDay/i.test(ids) ? 'day' : /PerMinute/i.test(ids) ? 'minute' : 'unknown';
}
