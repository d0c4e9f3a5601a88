import { z } from 'zod';

/**
 * Who writes into a collection just now. Nobody's clock is compared with another's: whoever waits sees by a `beat`
 * that does not change for `for_ms` that the holder is gone.
 */
export const leaseSchema = z.object({
  kind: z.literal('lease'),
  /** A run's own random name. */
  holder: z.string(),
  beat: z.number().int(),
  /** Milliseconds within which the holder will have renewed it. */
  for_ms: z.number().nonnegative(),
});
export type Lease = z.infer<typeof leaseSchema>;

/** A point of its own, without a vector and without text, so that no search and no reader takes it for a section. */
export const leasePointId = '00000000-0000-4000-8000-0000000001ea';
