import * as z from 'zod';

/**
 * Which process is writing into a collection. Clocks are never compared: a waiting process concludes that the holder
 * is gone when `beat` has not changed for `for_ms`.
 */
export const leaseSchema = z.object({
  kind: z.literal('lease'),
  /** A random id of the run. */
  holder: z.string(),
  beat: z.number().int(),
  /** Milliseconds within which the holder renews it. */
  for_ms: z.number().nonnegative(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** The lease is a point without a vector and without text, so that no search or reader takes it for a section. */
export const leasePointId = '00000000-0000-4000-8000-0000000001ea';
