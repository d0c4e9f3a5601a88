import { deployBook } from '../flows/deploy/deploy.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import type { Session } from '../model/runtime.ts';

/** Puts the book's assistant live. Throws Failure. */
export async function deploy(session: Session): Promise<CommandResult> {
  return deployBook(session);
}
