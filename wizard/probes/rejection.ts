import { HttpFailure } from '../clients/http-failure.ts';
import type { ProbeFailure } from '../model/credential.ts';

type VerdictText = { code: string; message: string; remedy: string };

export function rejected(words: VerdictText): ProbeFailure {
  return { verdict: 'rejected', ...words };
}

export function unreachable(words: VerdictText): ProbeFailure {
  return { verdict: 'unreachable', ...words };
}

/** Statuses that speak of the key or the account; any other says nothing about either. */
const rejectingStatuses: ReadonlySet<number | null> = new Set([401, 402, 403]);

/**
 * A failed call as a verdict: an answer that says no is a rejection; no answer, or one that makes no sense, is not.
 * `words` replaces the general ones of a rejection; a `code` among them makes it one. Throws what is no HttpFailure:
 * a cancelled run, or a bug.
 */
export function verdictOf(error: unknown, words: Partial<VerdictText> = {}): ProbeFailure {
  if (!(error instanceof HttpFailure)) throw error;
  const { kind, status, code, message, remedy } = error;
  const isVerdict = kind === 'rejected' || rejectingStatuses.has(status) || words.code !== undefined;
  return isVerdict ? rejected({ code, message, remedy, ...words }) : unreachable({ code, message, remedy });
}
