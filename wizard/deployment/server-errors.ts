import { Failure as ServerFailure } from '../../server/failure.ts';
import { Failure, type FailureKind } from '../model/failure.ts';
import type { Service } from '../model/service.ts';

/** The server's failures in the wizard's words: the same message and remedy, with the service and exit code. */
export async function translateServerErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw toWizardFailure(cause);
  }
}

/** What is no failure of the server's is given back as it is. */
export function toWizardFailure(cause: unknown): unknown {
  if (!(cause instanceof ServerFailure)) return cause;
  const { code, message, remedy } = cause;
  const service = serviceOf(code);
  return new Failure({ kind: kindOf(code), code, message, remedy, service, cause });
}

/** The book's own site is no service of the deployment. */
function serviceOf(code: string): Service | null {
  if (code.startsWith('site-')) return null;
  return code.startsWith('gemini-') ? 'gemini' : 'qdrant';
}

function kindOf(code: string): FailureKind {
  if (code.startsWith('collection-')) return 'failed';
  if (/rejected|unauthorized/.test(code)) return 'rejected';
  return /unreachable|unavailable|busy|quota-minute|timeout|timed-out/.test(code) ? 'unreachable' : 'failed';
}
