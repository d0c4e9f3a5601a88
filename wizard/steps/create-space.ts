import type { RunContext } from '../deployment/context.ts';
import { desiredState } from '../deployment/desired-state.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import type { PlaceState } from '../hosting/hosting.ts';
import type { RunEvent } from '../model/run/event.ts';
import { isOurSpace, type JournalEntry } from '../model/run/journal.ts';
import {
  hostedStep,
  planChange,
  skipped,
  unchanged,
  withJournal,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const id = 'create-space';

/** The server's place, public. An existing one is kept, or taken over when the user named it. */
export const createSpace: Step = { id, service: hostingService, affectedBy: [], inspect };

async function inspect(context: RunContext): Promise<StepPlan> {
  const { target, settings, journal } = context;
  const step = hostedStep(context, id);
  if (settings.apiUrl !== null) return skipped(step, `the server runs elsewhere (${settings.apiUrl})`);
  const place = await hostingOf(context).inspect({
    isJournaled: isOurSpace(journal, target.space),
    mayAdopt: settings.adopt,
    keepsSecrets: settings.existingSecrets !== undefined,
  });
  if (place.type === 'ours') return unchanged(step, place.what);
  if (place.type === 'absent') return planChange(step, 'new', place.what, () => create(context));
  return planChange(step, 'changes', place.what, () => adopt(context, place));
}

async function* adopt(
  context: RunContext,
  { previous, how }: Extract<PlaceState, { type: 'adoptable' }>,
): AsyncGenerator<RunEvent, StepResult> {
  await context.journal.add({ ...entryOf(context, 'changed', previous), type: 'done' });
  yield { type: 'notice', code: 'space-adopted', ...how };
  return { outcome: 'unchanged', reason: `${context.target.space} is taken over` };
}

// oxlint-disable-next-line require-yield -- a step without progress of its own
async function* create(context: RunContext): AsyncGenerator<RunEvent, StepResult> {
  const { secrets, variables } = await desiredState(context, { current: {} });
  const settings = { secrets: settingsOf(secrets), variables: settingsOf(variables) };
  const hosting = hostingOf(context);
  await withJournal(context, entryOf(context, 'created', null), () => hosting.create(settings, context));
  return { outcome: 'changed', reason: `${hosting.label} created` };
}

const settingsOf = (values: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

function entryOf(
  { target: { space } }: RunContext,
  change: 'created' | 'changed',
  previous: string | null,
): Omit<JournalEntry, 'at' | 'type'> {
  return { step: id, change, thing: 'space', id: space, place: space, previous };
}
