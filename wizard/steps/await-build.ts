import { secretValues, type SpaceContext } from '../deployment/context.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import type { BuildPlan } from '../hosting/hosting.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  hostedStep,
  planChange,
  progress,
  skipped,
  unchanged,
  type PreviousOutcomes,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const id = 'await-build';

/** Follows the vendor until the new server runs. */
export const awaitBuild = {
  id,
  service: hostingService,
  affectedBy: ['create-space', 'set-secrets', 'set-variables', 'upload-server'],
  inspect,
} satisfies Step;

async function inspect(context: SpaceContext, previous: PreviousOutcomes): Promise<StepPlan> {
  const step = hostedStep(context, id);
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const { now, sleep } = context;
  const wasChanged = awaitBuild.affectedBy.some((other) => previous.get(other) === 'changed');
  const tools = { now, sleep, secrets: secretValues(context) };
  const { kind, what, follow } = await hostingOf(context).inspectBuild(tools, { wasChanged });
  if (follow === null) return unchanged(step, what);
  return planChange(step, kind, what, () => relayNews(context, follow));
}

async function* relayNews(
  context: SpaceContext,
  follow: NonNullable<BuildPlan['follow']>,
): AsyncGenerator<RunEvent, StepResult> {
  const step = hostedStep(context, id);
  const news = follow();
  for (;;) {
    const { done, value } = await news.next();
    if (done === true) return { outcome: 'changed', reason: value };
    if (value.type === 'log') yield { type: 'log', source: 'build', text: value.text, step: id };
    else yield progress(step, value);
  }
}
