import type { Answers } from '../../model/answers.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';
import { readCommandInputs, type CommandInputs } from '../../deployment/command-inputs.ts';
import { readOnlyContext } from '../../deployment/server/space-status.ts';
import { runFlow, cancelledEarly } from '../../interview/flow.ts';
import { offerProjectFile } from '../../project-file/offer-project-file.ts';
import { updateCollection } from '../index-book/index-book.ts';
import { rotateSecrets } from '../rotate/rotate.ts';
import { wake } from '../wake.ts';
import { deployFlow } from './deploy-flow.ts';
import type { DeployState, ExistingSpace, ResumeAction } from './deploy-state.ts';
import { findExistingSpace } from './existing-space.ts';
import { settingsToKeep } from '../../project-file/settings-to-keep.ts';
import { limitsIn, logLevelIn } from './run-context.ts';
import { endClusterUse } from './creation/server-key.ts';
import { reportCreatedResources } from './summarise-interrupted-run.ts';

/**
 * A deployment, from the first question to a proved answer. Where this machine knows a Space and the user can be asked,
 * the first question is what is wanted of it. Throws Failure.
 */
export async function deployBook(session: Session): Promise<CommandResult> {
  logLevelIn(session.runtime);
  limitsIn(session.runtime);
  const inputs = await readCommandInputs(session);
  const existingSpace = await findExistingSpace(session, inputs);
  return runDeployment(session, { inputs, existingSpace });
}

type DeployInputs = { inputs: CommandInputs; existingSpace: ExistingSpace | null; defaults?: Answers };

async function runDeployment(session: Session, inputs: DeployInputs): Promise<CommandResult> {
  const final = await runFlow(deployFlow({ session, ...inputs, isPlanOnly: false }));
  if (final === null) throw cancelledEarly();
  const { action, existingSpace } = final;
  if (final.mode === null && action !== null && existingSpace !== null) {
    const result = await otherActions[action]?.(session, { ...inputs, space: existingSpace.space });
    // Back from its first question leads to the choice again.
    return result ?? runDeployment(session, { ...inputs, defaults: final.given });
  }
  return finish(session, final);
}

type OtherAction = (
  session: Session,
  inputs: DeployInputs & { space: string },
) => Promise<CommandResult | null>;

/** What is no deployment. */
const otherActions: Partial<Record<ResumeAction, OtherAction>> = {
  content: (session) => updateCollection(session, { canLeave: true }),
  rotate: (session, { space }) =>
    rotateSecrets({ ...session, flags: { ...session.flags, space }, operands: [] }, { canLeave: true }),
  wake: (session, { inputs, space }) =>
    wake(session, readOnlyContext(session, { inputs, space, answers: inputs.answers })),
};

/** A run that failed for good reports what it created. */
async function finish(session: Session, final: DeployState): Promise<CommandResult> {
  const { draft, run, result, failure } = final;
  try {
    if (failure !== undefined && run !== undefined) await reportCreatedResources(session, run);
    if (failure !== undefined) throw failure;
    if (result === undefined) throw new Error('The run has no result.');
    await offerSettings(session, final);
    return result;
  } finally {
    await endClusterUse(final);
    await draft?.tools.journal.close();
  }
}

/** What is deployed is deployed: settings that cannot be read back are not offered. */
async function offerSettings(session: Session, { run }: DeployState): Promise<void> {
  if (run === undefined || !session.renderer.canAsk || session.flags.yes) return;
  const settings = await settingsToKeep(run.context).catch(() => null);
  if (settings !== null) await offerProjectFile(session, settings);
}
