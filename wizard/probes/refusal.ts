import { HttpFailure } from '../clients/http-failure.ts';
import type { Refusal } from '../model/credential.ts';

type Words = { code: string; message: string; remedy: string };

export function rejected(words: Words): Refusal {
  return { verdict: 'rejected', ...words };
}

export function unreachable(words: Words): Refusal {
  return { verdict: 'unreachable', ...words };
}

/**
 * A failed call as a verdict: an answer that says no is a rejection, no answer is not. `words` replaces the
 * general ones for what a vendor refused. Throws what is no HttpFailure: a cancelled run, or a bug.
 */
export function refusalOf(error: unknown, words: Partial<Words> = {}): Refusal {
  if (!(error instanceof HttpFailure)) throw error;
  const { code, message, remedy } = error;
  if (error.kind === 'unreachable') return unreachable({ code, message, remedy });
  return rejected({ code, message, remedy, ...words });
}
