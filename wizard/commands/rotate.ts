import { cancelledEarly } from '../interview/flow.ts';
import { rotateSecrets } from '../flows/rotate/rotate.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import type { Session } from '../model/runtime.ts';

/** Replaces secrets of a Space, and proves that its server runs with them. Throws Failure. */
export async function rotate(session: Session): Promise<CommandResult> {
  const result = await rotateSecrets(session, { canLeave: false });
  if (result === null) throw cancelledEarly();
  return result;
}
