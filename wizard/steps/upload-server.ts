import { HttpFailure } from '../clients/http-failure.ts';
import type { RunContext } from '../deployment/context.ts';
import { desiredState } from '../deployment/desired-state.ts';
import { hostedSettingsOf } from '../deployment/server/hosted-settings-of.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import type { UploadPlan } from '../hosting/hosting.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  hostedStep,
  planChange,
  progress,
  skipped,
  summariseChanges,
  unchanged,
  withJournal,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const id = 'upload-server';
const tries = 3;
/** Milliseconds before the second try; twice that before the third. */
const pauseMs = 2_000;

/** Uploads the server's files where they, or what the server has to run with, differ from what is there. */
export const uploadServer: Step = { id, service: hostingService, affectedBy: [], inspect };

async function inspect(context: RunContext): Promise<StepPlan> {
  const step = hostedStep(context, id);
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const current = await hostedSettingsOf(context);
  const { payload, variables } = await desiredState(context, { current: current.variables });
  const plan = await hostingOf(context).planUpload({
    payload,
    deploymentId: variables['DEPLOYMENT_ID'] ?? '',
    title: `rag-space-setup ${context.settings.version}`,
  });
  const { kind, what } = summariseChanges(plan.changes, 'file');
  if (kind === 'unchanged') return unchanged(step, what);
  return planChange(step, kind, what, () => upload(context, plan));
}

async function* upload(context: RunContext, plan: UploadPlan): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const entry = { step: id, change: 'changed', thing: 'files', id: space, place: space } as const;
  for (let attempt = 1; ; attempt++) {
    try {
      const { previous } = plan;
      const reason = await withJournal(context, { ...entry, previous }, () => plan.upload());
      return { outcome: 'changed', reason };
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.kind !== 'unreachable' || attempt === tries) throw error;
      const note = `trying again, ${attempt + 1} of ${tries}`;
      yield progress(hostedStep(context, id), { done: 0, total: 1, note });
      await context.sleep(pauseMs * attempt, { signal: context.signal });
      context.signal.throwIfAborted();
    }
  }
}
