import type { AnswerName } from '../model/answers.ts';
import { Failure } from '../model/failure.ts';
import type { Session } from '../model/runtime.ts';
import { questionNamed } from './value-question.ts';

/** An answer that nothing gave, with the flag and the variable that would. */
export type MissingAnswer = { name: string; flag: string | null; env: string };

/** Emits the event that names all that is missing, and returns the Failure to throw. */
export function inputMissing(
  session: Pick<Session, 'emit'>,
  missing: readonly MissingAnswer[],
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

export function missingAnswer(name: AnswerName): MissingAnswer {
  return { name, flag: questionNamed(name).flag, env: name };
}
