import { HttpFailure } from '../clients/http-failure.ts';
import type { SpaceInfo } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/run/event.ts';
import { isOurSpace } from '../model/run/journal.ts';
import { marker, noteFor } from '../hosting/space/fingerprint.ts';
import { serverFiles } from '../hosting/space/payload.ts';
import type { RunContext } from '../deployment/context.ts';
import { hubOf } from '../hosting/space/space-access.ts';
import { desiredState } from '../deployment/desired-state.ts';
import { freePlan, notDocker, ownerUnknown, spaceGone, spacePrivate, spaceTaken } from './space-failures.ts';
import {
  withJournal,
  skipped,
  planChange,
  unchanged,
  type StepResult,
  type StepPlan,
  type Step,
} from './step.ts';

const step = { id: 'create-space', service: 'huggingface' } as const;
const waitForOthersMs = 3_000;

/** A public Docker Space with its settings; one that is there already is kept, or taken over when named. */
export const createSpace: Step = { ...step, affectedBy: [], inspect };

async function inspect(context: RunContext): Promise<StepPlan> {
  const { target, settings, credentials } = context;
  if (settings.apiUrl !== null) return skipped(step, `the server runs elsewhere (${settings.apiUrl})`);
  const { space } = target;
  const owner = credentials.huggingface.account.owners.find(({ name }) => name === space.split('/')[0]);
  const standing = await hubOf(context).space(space);
  if (standing === null) {
    if (settings.existingSecrets !== undefined) throw spaceGone(space);
    if (owner === undefined) throw ownerUnknown(context);
    if (!owner.canCreateDockerSpaces) throw freePlan(space);
    return planChange(step, 'new', `${space}, public, Docker`, () => create(context));
  }
  if (owner === undefined)
    throw spaceTaken(space, 'It belongs to an account that this token cannot write to.');
  if (standing.sdk !== 'docker') throw notDocker(space, standing.sdk ?? 'no');
  if (standing.private === true) throw spacePrivate(context);
  if (await isOurSpaceAlready(context, standing)) return unchanged(step, `${space} is there`);
  if (!settings.adopt) throw spaceTaken(space, 'A Docker Space of that name was made by something else.');
  const overwritten = (await hubOf(context).files(space))
    .map(({ path }) => path)
    .filter((path) => serverFiles.includes(path));
  const files = overwritten.length === 0 ? 'no file' : overwritten.join(', ');
  return planChange(step, 'changes', `takes over ${space}: overwrites ${files}; its other files stay`, () =>
    adopt(context, standing),
  );
}

/** Our README's tag, our journal, or our settings from a run that ended before the upload. */
async function isOurSpaceAlready(context: RunContext, standing: SpaceInfo): Promise<boolean> {
  const tags = [...(standing.tags ?? []), ...(standing.cardData?.tags ?? [])];
  if (tags.includes(marker) || isOurSpace(context.journal, context.target.space)) return true;
  const variables = await hubOf(context).variables(context.target.space);
  return variables['DEPLOYMENT_ID']?.description === marker;
}

async function* adopt(context: RunContext, standing: SpaceInfo): AsyncGenerator<RunEvent, StepResult> {
  const { space } = context.target;
  const previous = standing.sha ?? null;
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
  const { secrets, variables } = await desiredState(context, { standingOrigins: null });
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

type NewSpace = Parameters<ReturnType<typeof hubOf>['create']>[0];

async function createWithRetry(context: RunContext, settings: NewSpace, tries = 3): Promise<void> {
  const { space } = settings;
  try {
    await hubOf(context).create(settings);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    // A lost answer, and a 402 or 409 about a Space of an earlier try, are settled by looking.
    const standing = await hubOf(context).space(space);
    if (standing !== null && (await isOurSpaceAlready(context, standing))) return;
    if (error.status === 402) throw freePlan(space);
    if (error.status === 409 && /conflicting operation/i.test(error.bodyText) && tries > 1) {
      await context.sleep(waitForOthersMs, { signal: context.signal });
      return createWithRetry(context, settings, tries - 1);
    }
    if (error.status === 409) throw spaceTaken(space, 'The name is in use.');
    if (error.status === 403) throw ownerUnknown(context);
    throw error;
  }
}
