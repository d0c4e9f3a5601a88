import type { Plan } from '../../model/run/plan.ts';
import type { Session } from '../../model/runtime.ts';
import { readCommandInputs } from '../../deployment/command-inputs.ts';
import { runFlow, cancelledEarly } from '../../interview/flow.ts';
import { deployFlow } from './deploy-flow.ts';
import { limitsIn, logLevelIn } from './run-context.ts';

/** The plan of a deployment; reads, and changes nothing. Throws Failure. */
export async function planDeployment(session: Session): Promise<Plan> {
  logLevelIn(session.runtime);
  limitsIn(session.runtime);
  const inputs = await readCommandInputs(session);
  const final = await runFlow(deployFlow({ session, inputs, existingSpace: null, isPlanOnly: true }));
  if (final === null) throw cancelledEarly();
  await final.draft?.tools.journal.close();
  if (final.run === undefined) throw new Error('The run has no plan.');
  return final.run.plan;
}
