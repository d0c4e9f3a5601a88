import { cancelledEarly } from '../../interview/flow.ts';
import { updateCollection } from '../../flows/index-book/index-book.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';
import { listChangedSections } from './changed-sections.ts';
import { writeLlmsFile } from './llms-file.ts';
import { verify } from './verify.ts';

/**
 * Brings the collection up to date with the book; with `--verify` or `--changes-from` compares it alone, with `--llms-txt`
 * writes the list of its pages. Throws Failure.
 */
export async function index(session: Session): Promise<CommandResult> {
  const { verify: build, changesFrom, llmsTxt } = session.flags;
  if (llmsTxt) return writeLlmsFile(session);
  if (build !== null) return verify(session, build);
  if (changesFrom !== null) return listChangedSections(session, changesFrom);
  const result = await updateCollection(session, { canLeave: false });
  if (result === null) throw cancelledEarly();
  return result;
}
