import { Failure } from '../model/failure.ts';
import type { Session } from '../model/runtime.ts';

/** The error as a Failure that the user can be asked about; null for any other. */
export function retryableFailure(
  { runtime }: Pick<Session, 'runtime'>,
  { isInteractive, error }: { isInteractive: boolean; error: unknown },
): Failure | null {
  const isExplained = error instanceof Failure && error.kind !== 'bug' && error.kind !== 'cancelled';
  return isExplained && isInteractive && !runtime.signal.aborted ? error : null;
}
