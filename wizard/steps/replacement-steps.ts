import { secretNames } from '../../server/contract.ts';
import type { SpaceContext } from '../deployment/context.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import type { NewSecrets } from '../hosting/hosted-settings.ts';
import type { BookPlan } from '../hosting/hosting.ts';
import type { RunEvent } from '../model/run/event.ts';
import { hostedStep, planChange, progress, withJournal, type StepPlan, type StepResult } from './step.ts';

/** The step that replaces secrets, one after the other: the Hub loses parallel writes. */
export function setNewSecrets(changed: NewSecrets) {
  const stepId = 'set-secrets';
  const names = secretNames.filter((name) => changed[name] !== undefined);
  async function* run(context: SpaceContext): AsyncGenerator<RunEvent, StepResult> {
    const { space } = context.target;
    for (const [done, name] of names.entries()) {
      const value = changed[name]?.reveal() ?? '';
      yield progress(hostedStep(context, stepId), { done, total: names.length, note: name });
      const entry = { step: stepId, change: 'changed', thing: 'secret', id: name, place: space } as const;
      await withJournal(context, { ...entry, previous: null }, () =>
        hostingOf(context).setSecret({ key: name, value }),
      );
    }
    return { outcome: 'changed', reason: `${names.join(', ')} set` };
  }
  const inspect = async (context: SpaceContext): Promise<StepPlan> =>
    planChange(hostedStep(context, stepId), 'changes', names.join(', '), () => run(context));
  return { id: stepId, service: hostingService, inspect } as const;
}

/** The step that writes the id last: the server that reports it runs with everything written before. */
export function setDeploymentId({ id, previous }: { id: string; previous: string | null }) {
  const stepId = 'set-variables';
  const key = 'DEPLOYMENT_ID';
  // oxlint-disable-next-line require-yield -- one call has no progress to report
  async function* run(context: SpaceContext): AsyncGenerator<RunEvent, StepResult> {
    const { space } = context.target;
    const entry = { step: stepId, change: 'changed', thing: 'variable', id: key, place: space } as const;
    await withJournal(context, { ...entry, previous }, () =>
      hostingOf(context).setVariable({ key, value: id }),
    );
    return { outcome: 'changed', reason: `${key} = ${id}` };
  }
  const inspect = async (context: SpaceContext): Promise<StepPlan> =>
    planChange(hostedStep(context, stepId), 'changes', `${key}: ${id}`, () => run(context));
  return { id: stepId, service: hostingService, inspect } as const;
}

/** The step that gives the server another book beside it; its files stay as they are. */
export function uploadBook(book: BookPlan, deploymentId: string) {
  const stepId = 'upload-server';
  // oxlint-disable-next-line require-yield -- one small file has no progress to report
  async function* run(context: SpaceContext): AsyncGenerator<RunEvent, StepResult> {
    const { space } = context.target;
    const entry = { step: stepId, change: 'changed', thing: 'files', id: space, place: space } as const;
    const reason = await withJournal(context, { ...entry, previous: null }, () => book.upload(deploymentId));
    return { outcome: 'changed', reason };
  }
  const inspect = async (context: SpaceContext): Promise<StepPlan> =>
    planChange(hostedStep(context, stepId), 'changes', book.what, () => run(context));
  return { id: stepId, service: hostingService, inspect } as const;
}
