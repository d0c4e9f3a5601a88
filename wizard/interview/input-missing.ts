import { Failure } from '../model/failure.ts';
import type { MissingInput } from './targets.ts';
import type { Session } from '../model/runtime.ts';

/** Throws nothing itself: says what is missing, all of it at once, and gives the Failure to be thrown. */
export function inputMissing(
  session: Session,
  missing: readonly MissingInput[],
  remedy = 'Set these variables, put them into a file for --env-file, or run it in a terminal without --yes.',
): Failure {
  session.emit({ type: 'input-missing', missing });
  const names = missing.map(({ env, flag }) => (flag === null ? env : `${flag} (or ${env})`)).join(', ');
  return new Failure({
    kind: 'input-missing',
    code: 'input-missing',
    message: `Missing: ${names}.`,
    remedy,
  });
}
