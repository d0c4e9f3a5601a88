import { planDeployment } from '../flows/deploy/plan.ts';
import { exitCodes } from '../model/failure.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import type { Session } from '../model/runtime.ts';

/** Shows what `deploy` would change. Throws Failure. */
export async function plan(session: Session): Promise<CommandResult> {
  const { changes } = await planDeployment(session);
  const isPending = changes.some(({ kind }) => kind !== 'unchanged');
  const exitCode =
    isPending && session.flags.detailedExitCode ? exitCodes['changes-pending'] : exitCodes.done;
  return { deployment: null, exitCode };
}
