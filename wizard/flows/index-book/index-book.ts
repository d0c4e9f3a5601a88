import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';
import { readCommandInputs } from '../../deployment/command-inputs.ts';
import { runFlow } from '../../interview/flow.ts';
import { indexFlow } from './index-flow.ts';
import { knownPlaces } from './journal-for-cluster.ts';

/**
 * Brings the collection up to date with the book, and changes nothing else; null when the user backs out of the first
 * question. Throws Failure.
 */
export async function updateCollection(
  session: Session,
  { canLeave }: { canLeave: boolean },
): Promise<CommandResult | null> {
  const inputs = await readCommandInputs(session);
  const [dir] = session.operands;
  if (dir !== undefined) inputs.answers.DOCS_DIR = { value: dir, source: 'DIR', cleaned: [] };
  const final = await runFlow({ ...indexFlow(session, inputs, await knownPlaces(session)), canLeave });
  if (final === null) return null;
  await final.run?.close();
  await final.managedCluster?.indexing.end();
  if (final.failure !== undefined) throw final.failure;
  if (final.result === undefined) throw new Error('The book was not indexed.');
  return final.result;
}
