import { HttpFailure } from '../clients/http-failure.ts';

/** Milliseconds for which a vendor may be unreachable while its work goes on. */
const longestMs = 2 * 60_000;

/** A read that tolerates transient failures: null while the vendor is unreachable, until that lasts too long. */
export type Poll = <T>(read: () => Promise<T>) => Promise<T | null>;

/** For one wait; it counts how long the vendor has been unreachable. */
export function createPoll({ now }: { now: () => number }): Poll {
  let unreachableSince: number | null = null;
  return async (read) => {
    try {
      const value = await read();
      unreachableSince = null;
      return value;
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.kind !== 'unreachable') throw error;
      unreachableSince ??= now();
      if (now() - unreachableSince > longestMs) throw error;
      return null;
    }
  };
}
