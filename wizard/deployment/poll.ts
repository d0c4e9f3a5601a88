import { HttpFailure } from '../clients/http-failure.ts';

/** Milliseconds for which a vendor may be out of reach while we wait for something that goes on without us. */
const longestSilenceMs = 2 * 60_000;

/** A read that may be missed: null when the vendor could not be reached, until it has been away for too long. */
export type Poll = <T>(read: () => Promise<T>) => Promise<T | null>;

export function createPoll({ now }: { now: () => number }): Poll {
  let silentSince: number | null = null;
  return async (read) => {
    try {
      const answer = await read();
      silentSince = null;
      return answer;
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.kind !== 'unreachable') throw error;
      silentSince ??= now();
      if (now() - silentSince > longestSilenceMs) throw error;
      return null;
    }
  };
}
