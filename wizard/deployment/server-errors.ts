import { ServerFailure } from '../../server/failure.ts';
import { Failure, type FailureKind } from '../model/failure.ts';
import type { Service } from '../model/service.ts';

/** Rethrows the server's failures as the wizard's: the same message and remedy, with a service and an exit code. */
export async function translateServerErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw toWizardFailure(cause);
  }
}

/** Returns anything but a failure of the server unchanged. */
export function toWizardFailure(cause: unknown): unknown {
  if (!(cause instanceof ServerFailure)) return cause;
  const { code, message, remedy } = cause;
  const service = serviceOf(code);
  return new Failure({ kind: kindOf(code), code, message, remedy, service, cause });
}

/** The book's site is no service of the deployment. */
function serviceOf(code: string): Service | null {
  if (code.startsWith('site-')) return null;
  if (code.startsWith('postgres-')) return 'postgres';
  return code.startsWith('gemini-') ? 'gemini' : 'qdrant';
}

function kindOf(code: string): FailureKind {
  if (code.startsWith('collection-')) return 'failed';
  if (/rejected|unauthorized/.test(code)) return 'rejected';
  return /unreachable|unavailable|busy|quota-minute|timeout|timed-out/.test(code) ? 'unreachable' : 'failed';
}
