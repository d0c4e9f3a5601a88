import { cancelledEarly } from '../interview/flow.ts';
import { updateCollection } from '../flows/index-book/index-book.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import type { Session } from '../model/runtime.ts';
import { verify } from './verify.ts';

/** Brings the collection up to date with the book; with `--verify`, checks the book's links alone. Throws Failure. */
export async function index(session: Session): Promise<CommandResult> {
  if (session.flags.verify !== null) return verify(session, session.flags.verify);
  const result = await updateCollection(session, { canLeave: false });
  if (result === null) throw cancelledEarly();
  return result;
}
