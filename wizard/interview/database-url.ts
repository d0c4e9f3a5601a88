import type { CommandInputs } from '../deployment/command-inputs.ts';
import type { Session } from '../model/runtime.ts';
import { collectCredentials } from './credentials/credential-questions.ts';

/**
 * The owner's connection string, as it was given: a login that only reads is enough to look. Asked for, and then checked
 * as a server's, where nothing gives it. Throws Failure `input-missing` or cancelled.
 */
export async function databaseUrlOf(session: Session, inputs: CommandInputs): Promise<string> {
  const { DATABASE_URL: answer } = inputs.answers;
  if (answer !== undefined) return answer.value.reveal();
  const { postgres } = await collectCredentials(session, { inputs, services: ['postgres'] });
  return postgres.url.reveal();
}
