import { HttpFailure } from '../clients/http-failure.ts';
import type { ProbeFailure } from '../model/credential.ts';

type VerdictText = { code: string; message: string; remedy: string };

/** The service rejects the secret: another is needed. */
export function rejected(text: VerdictText): ProbeFailure {
  return { verdict: 'rejected', ...text };
}

/** The service gave no verdict on the secret. */
export function unreachable(text: VerdictText): ProbeFailure {
  return { verdict: 'unreachable', ...text };
}

/** Statuses that are about the key or the account; any other is about neither. */
const rejectingStatuses: ReadonlySet<number | null> = new Set([401, 402, 403]);

/**
 * A failed call as a verdict. A response that says no is a rejection; no response, or one that makes no sense, is not.
 * `text` replaces parts of a rejection's text; a `code` in it makes the failure a rejection.
 *
 * @throws whatever is no HttpFailure: an aborted run, or a bug.
 */
export function verdictOf(error: unknown, text: Partial<VerdictText> = {}): ProbeFailure {
  if (!(error instanceof HttpFailure)) throw error;
  const { kind, status, code, message, remedy } = error;
  const isRejection =
    text.code !== undefined || kind === 'rejected' || (kind === 'failed' && rejectingStatuses.has(status));
  return isRejection ? rejected({ code, message, remedy, ...text }) : unreachable({ code, message, remedy });
}
