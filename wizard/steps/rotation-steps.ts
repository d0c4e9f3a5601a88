import { secretNames } from '../../server/contract.ts';
import type { SpaceContext } from '../deployment/context.ts';
import { marker, noteFor } from '../hosting/space/fingerprint.ts';
import { hubOf } from '../hosting/space/space-access.ts';
import type { NewSecrets } from '../hosting/space/space-settings.ts';
import type { RunEvent } from '../model/run/event.ts';
import { planChange, progress, withJournal, type StepPlan, type StepResult } from './step.ts';

/** The step that replaces secrets, one after the other: the Hub loses parallel writes. */
export function setNewSecrets(changed: NewSecrets) {
  const step = { id: 'set-secrets', service: 'huggingface' } as const;
  const names = secretNames.filter((name) => changed[name] !== undefined);
  async function* run(context: SpaceContext): AsyncGenerator<RunEvent, StepResult> {
    const { space } = context.target;
    for (const [done, name] of names.entries()) {
      const value = changed[name]?.reveal() ?? '';
      yield progress(step, { done, total: names.length, note: name });
      const entry = { step: step.id, change: 'changed', thing: 'secret', id: name, place: space } as const;
      await withJournal(context, { ...entry, previous: null }, () =>
        hubOf(context).setSecret(space, { key: name, value, description: noteFor({ space, value }) }),
      );
    }
    return { outcome: 'changed', reason: `${names.join(', ')} set` };
  }
  const inspect = async (context: SpaceContext): Promise<StepPlan> =>
    planChange(step, 'changes', names.join(', '), () => run(context));
  return { ...step, inspect };
}

/** The step that writes the id last: the server that reports it runs with everything written before. */
export function setDeploymentId({ id, previous }: { id: string; previous: string | null }) {
  const step = { id: 'set-variables', service: 'huggingface' } as const;
  const key = 'DEPLOYMENT_ID';
  // oxlint-disable-next-line require-yield -- one call has no progress to report
  async function* run(context: SpaceContext): AsyncGenerator<RunEvent, StepResult> {
    const { space } = context.target;
    const entry = { step: step.id, change: 'changed', thing: 'variable', id: key, place: space } as const;
    await withJournal(context, { ...entry, previous }, () =>
      hubOf(context).setVariable(space, { key, value: id, description: marker }),
    );
    return { outcome: 'changed', reason: `${key} = ${id}` };
  }
  const inspect = async (context: SpaceContext): Promise<StepPlan> =>
    planChange(step, 'changes', `${key}: ${id}`, () => run(context));
  return { ...step, inspect };
}
