import type { SecretAnswer } from '../model/answers.ts';
import type { Refusal } from '../model/credential.ts';
import type { Secret } from '../model/secret.ts';
import { shapeProblem } from '../model/shapes.ts';
import { rejected } from './refusal.ts';

/** The refusal of a value that is plainly something else, told without sending it to anybody; null when it may be right. */
export function wrongShape({ name, secret }: { name: SecretAnswer; secret: Secret }): Refusal | null {
  const problem = shapeProblem({ name, value: secret.reveal() });
  return problem === null ? null : rejected({ code: 'wrong-shape', ...problem });
}
