import type { SecretAnswer } from '../model/answers.ts';
import type { ProbeFailure } from '../model/credential.ts';
import type { Secret } from '../model/secret.ts';
import { formatProblem } from '../model/formats/credential-formats.ts';
import { rejected } from './rejection.ts';

/** The refusal of a value that is plainly something else, told without sending it to anybody; null when it may be right. */
export function rejectWrongFormat({
  name,
  secret,
}: {
  name: SecretAnswer;
  secret: Secret;
}): ProbeFailure | null {
  const problem = formatProblem({ name, value: secret.reveal() });
  return problem === null ? null : rejected({ code: 'wrong-shape', ...problem });
}
