import { describePlace } from '../../model/formats/function-place.ts';
import { exitCodes, Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';
import { readCommandInputs } from '../../deployment/command-inputs.ts';
import { chooseSpace } from '../../interview/targets/choose-space.ts';
import { runFlow } from '../../interview/flow.ts';
import { journalCreated } from '../../interview/provisioning/created-here.ts';
import { applyRotation } from './apply-rotation.ts';
import { discardKey, offerToDeleteReplaced } from './made-key.ts';
import { secretsNamed } from './rotatable-secrets.ts';
import { rotationFlow } from './rotation-flow.ts';
import { replacementsOf } from './rotation-outcome.ts';
import { isPasswordReset, type RotationState } from './rotation-state.ts';

/**
 * Replaces secrets of a Space, and proves that its server runs with them; null when the user backs out of the first
 * question. Throws Failure.
 */
export async function rotateSecrets(
  session: Session,
  { canLeave }: { canLeave: boolean },
): Promise<CommandResult | null> {
  const inputs = await readCommandInputs(session);
  const space = await chooseSpace(session, inputs.answers);
  inputs.answers.HF_SPACE ??= { value: space.space, source: 'journal', cleaned: [] };
  const names = session.operands.length === 0 ? null : secretsNamed(session.operands);
  const final = await runFlow({ ...rotationFlow({ session, inputs, space, names }), canLeave });
  if (final === null) return null;
  const { target, outcome } = final;
  if (target === undefined || outcome === undefined) throw new Error('The rotation has no plan.');
  try {
    if (outcome.type !== 'planned') return reportUnchanged(session, target);
    const { madeKey } = final;
    const replacements = await replacementsOf(session, { state: final, inputs, target, outcome });
    const result = await applyRotation(session, {
      ...target,
      ...replacements,
      inputs,
      names: final.names ?? [],
      isReset: isPasswordReset(final),
    }).catch(async (error: unknown) => {
      if (madeKey !== undefined && isRestored(error)) await discardKey(madeKey);
      throw error;
    });
    if (madeKey !== undefined) {
      const { space, keyTools } = madeKey;
      const { journal } = target.context;
      const { cluster } = keyTools;
      await journalCreated(session, { journal, space, cluster, project: null });
      await offerToDeleteReplaced(session, madeKey);
    }
    return result;
  } finally {
    await target.context.journal.close();
  }
}

/** Whether the server has its old values again. */
function isRestored(error: unknown): boolean {
  return error instanceof Failure && error.code === 'rotation-undone';
}

function reportUnchanged(
  { emit }: Session,
  { context, host }: NonNullable<RotationState['target']>,
): CommandResult {
  const { space } = context.target;
  const { label, name } = describePlace(space);
  const message = `The ${label} ${name} holds exactly this value already.`;
  emit({ type: 'notice', code: 'nothing-to-rotate', message, remedy: '' });
  return { deployment: { space, url: host, health: 'unknown', frontend: null }, exitCode: exitCodes.done };
}
