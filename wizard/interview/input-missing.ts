import { Failure } from '../model/failure.ts';
import type { Missing } from './place.ts';
import type { Session } from '../model/world.ts';

/** Throws nothing itself: says what is missing, all of it at once, and gives the Failure to be thrown. */
export function inputMissing(
  session: Session,
  missing: readonly Missing[],
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
