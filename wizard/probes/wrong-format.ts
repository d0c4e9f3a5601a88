import type { AnswerName } from '../model/answers.ts';
import type { ProbeFailure } from '../model/credential.ts';
import { formatProblem } from '../model/formats/credential-formats.ts';
import type { Secret } from '../model/secret.ts';
import { rejected } from './rejection.ts';

/** Rejects a value that is plainly something else, before it is sent anywhere; null when it may be right. */
export function rejectWrongFormat({
  name,
  secret,
}: {
  name: AnswerName;
  secret: Secret;
}): ProbeFailure | null {
  const problem = formatProblem({ name, value: secret.reveal() });
  return problem === null ? null : rejected({ code: 'wrong-shape', ...problem });
}
