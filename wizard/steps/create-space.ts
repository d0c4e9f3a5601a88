import { HttpFailure } from '../clients/http-failure.ts';
import type { SpaceInfo } from '../clients/hub-schemas.ts';
import type { SpaceToCreate } from '../clients/hub-client.ts';
import type { RunContext } from '../deployment/context.ts';
import { desiredState } from '../deployment/desired-state.ts';
import { marker, noteFor } from '../hosting/space/fingerprint.ts';
import { serverFiles } from '../hosting/space/payload.ts';
import { hubOf, spacePageUrl } from '../hosting/space/space-access.ts';
import { Failure } from '../model/failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import { isOurSpace } from '../model/run/journal.ts';
import {
  planChange,
  skipped,
  unchanged,
  withJournal,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const step = { id: 'create-space', service: 'huggingface' } as const;
/** Milliseconds before another try, while the Hub is busy with the same name. */
const conflictPauseMs = 3_000;

/** A public Docker Space with its settings. An existing one is kept, or taken over when the user named it. */
export const createSpace: Step = { ...step, affectedBy: [], inspect };

async function inspect(context: RunContext): Promise<StepPlan> {
  const { target, settings, credentials } = context;
  if (settings.apiUrl !== null) return skipped(step, `the server runs elsewhere (${settings.apiUrl})`);
  const { space } = target;
  const owner = credentials.huggingface.account.owners.find(({ name }) => name === space.split('/')[0]);
  const current = await hubOf(context).space(space);
  if (current === null) {
    if (settings.existingSecrets !== undefined) throw spaceMissing(space);
    if (owner === undefined) throw ownerUnknown(context);
    if (!owner.canCreateDockerSpaces) throw freePlan(space);
    return planChange(step, 'new', `${space}, public, Docker`, () => create(context));
  }
  if (owner === undefined)
    throw spaceTaken(space, 'It belongs to an account that this token cannot write to.');
  if (current.sdk !== 'docker') throw notDocker(space, current.sdk ?? 'no');
  if (current.private === true) throw spacePrivate(context);
  if (await isOurs(context, current)) return unchanged(step, `${space} is there`);
  if (!settings.adopt) throw spaceTaken(space, 'A Docker Space of that name was made by something else.');
  const overwritten = (await hubOf(context).files(space))
    .map(({ path }) => path)
    .filter((path) => serverFiles.includes(path));
  const files = overwritten.length === 0 ? 'no file' : overwritten.join(', ');
  return planChange(step, 'changes', `takes over ${space}: overwrites ${files}; its other files stay`, () =>
    adopt(context, current),
  );
}

/** Known by our README's tag, our journal, or our settings when a run ended before the upload. */
async function isOurs(context: RunContext, current: SpaceInfo): Promise<boolean> {
  const tags = [...(current.tags ?? []), ...(current.cardData?.tags ?? [])];
  if (tags.includes(marker) || isOurSpace(context.journal, context.target.space)) return true;
  const variables = await hubOf(context).variables(context.target.space);
  return variables['DEPLOYMENT_ID']?.description === marker;
}

async function* adopt(context: RunContext, current: SpaceInfo): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const previous = current.sha ?? null;
  const entry = {
    step: step.id,
    change: 'changed',
    thing: 'space',
    id: space,
    place: space,
    previous,
  } as const;
  await context.journal.add({ ...entry, type: 'done' });
  yield {
    type: 'notice',
    code: 'space-adopted',
    message: `${space} is taken over; its commit until now is ${previous ?? 'unknown'}.`,
    remedy: 'To go back, revert to that commit on the Space’s "Files" page.',
  };
  return { outcome: 'unchanged', reason: `${space} is taken over` };
}

// oxlint-disable-next-line require-yield -- a step without progress of its own
async function* create(context: RunContext): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const { secrets, variables } = await desiredState(context, { current: {} });
  const settings = {
    space,
    secrets: Object.entries(secrets).map(([key, value]) => {
      return { key, value, description: noteFor({ space, value }) };
    }),
    variables: Object.entries(variables).map(([key, value]) => ({ key, value, description: marker })),
  };
  const entry = {
    step: step.id,
    change: 'created',
    thing: 'space',
    id: space,
    place: space,
    previous: null,
  } as const;
  await withJournal(context, entry, () => createWithRetry(context, settings));
  return { outcome: 'changed', reason: `${space} created` };
}

async function createWithRetry(context: RunContext, settings: SpaceToCreate, tries = 3): Promise<void> {
  const { space } = settings;
  try {
    await hubOf(context).create(settings);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    // A lost response, and a 402 or 409 about the Space of an earlier try, are settled by reading it.
    const current = await hubOf(context).space(space);
    if (current !== null && (await isOurs(context, current))) return;
    if (error.status === 402) throw freePlan(space);
    if (error.status === 409 && /conflicting operation/i.test(error.bodyText) && tries > 1) {
      await context.sleep(conflictPauseMs, { signal: context.signal });
      return createWithRetry(context, settings, tries - 1);
    }
    if (error.status === 409) throw spaceTaken(space, 'The name is in use.');
    if (error.status === 403) throw ownerUnknown(context);
    throw error;
  }
}

const { service } = step;

function spaceTaken(space: string, why: string): Failure {
  return new Failure({
    code: 'space-taken',
    service,
    message: `The Space name ${space} is taken. ${why}`,
    remedy:
      'Choose another name with --space OWNER/NAME. A Docker Space of your own may be taken over by naming it.',
  });
}

function notDocker(space: string, sdk: string): Failure {
  return new Failure({
    code: 'space-not-docker',
    service,
    message: `The Space ${space} is a ${sdk} Space; the server needs a Docker one.`,
    remedy: 'Choose another name with --space OWNER/NAME.',
  });
}

function spacePrivate(context: RunContext): Failure {
  return new Failure({
    code: 'space-private',
    service,
    message: `The Space ${context.target.space} is private: a reader’s browser could not reach it.`,
    remedy: `Make it public on ${spacePageUrl(context, '/settings')}, or choose another with --space.`,
  });
}

/** Free accounts cannot create Docker Spaces (402) since July 2026; existing ones still take commits. */
function freePlan(space: string): Failure {
  return new Failure({
    kind: 'rejected',
    code: 'free-plan',
    service,
    message: `Hugging Face lets ${space.split('/')[0]} create Docker Spaces only with a paid plan (PRO, Team or Enterprise).`,
    remedy:
      'Name a Docker Space that you have (--space OWNER/NAME), use an organisation with a plan, or subscribe at https://huggingface.co/pro and run again.',
  });
}

function ownerUnknown({ target, credentials }: RunContext): Failure {
  const names = credentials.huggingface.account.owners.map(({ name }) => name).join(', ');
  return new Failure({
    code: 'space-owner-unknown',
    service,
    message: `This Hugging Face token may not create Spaces for ${target.space.split('/')[0]}.`,
    remedy: `Choose an owner that it may write to (${names || 'none is known'}), or make a token with more rights.`,
  });
}

/** Its secrets were to be kept, and they exist nowhere else. */
function spaceMissing(space: string): Failure {
  return new Failure({
    code: 'space-missing',
    service,
    message: `The Space ${space} no longer exists, nor do the secrets that it kept.`,
    remedy: 'Run again and set it up from the start.',
  });
}
