import { HttpFailure } from '../../clients/http-failure.ts';
import type { SpaceInfo } from '../../clients/hub-schemas.ts';
import type { HubAccount } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import { marker, noteFor } from '../fingerprint.ts';
import type { Hosting, HostingTools, PlaceState } from '../hosting.ts';
import { serverFiles } from './payload.ts';
import { hubOf, spacePageUrl, type SpaceAccess } from './space-access.ts';

const service = 'huggingface';
/** Milliseconds before another try, while the Hub is busy with the same name. */
const conflictPauseMs = 3_000;

type PlaceRequest = Parameters<Hosting['inspect']>[0];

/** What is under the Space's name. Throws Failure when the server must not go there. */
export async function inspectSpace(
  access: SpaceAccess,
  { isJournaled, mayAdopt, keepsSecrets }: PlaceRequest,
): Promise<PlaceState> {
  const { space } = access.target;
  const owner = ownersOf(access).find(({ name }) => name === space.split('/')[0]);
  const current = await hubOf(access).space(space);
  if (current === null) {
    if (keepsSecrets) throw spaceMissing(space);
    if (owner === undefined) throw ownerUnknown(access, '');
    if (!owner.canCreateDockerSpaces) throw freePlan(space);
    return { type: 'absent', what: `${space}, public, Docker` };
  }
  if (owner === undefined)
    throw spaceTaken(space, 'It belongs to an account that this token cannot write to.');
  if (current.sdk !== 'docker') throw notDocker(space, current.sdk ?? 'no');
  if (current.private === true) throw spacePrivate(access);
  if (await isOurs(access, { current, isJournaled })) return { type: 'ours', what: `${space} is there` };
  if (!mayAdopt) throw spaceTaken(space, 'A Docker Space of that name was made by something else.');
  const overwritten = (await hubOf(access).files(space))
    .map(({ path }) => path)
    .filter((path) => serverFiles.includes(path));
  const files = overwritten.length === 0 ? 'no file' : overwritten.join(', ');
  const previous = current.sha ?? null;
  return {
    type: 'adoptable',
    what: `takes over ${space}: overwrites ${files}; its other files stay`,
    previous,
    how: {
      message: `${space} is taken over; its commit until now is ${previous ?? 'unknown'}.`,
      remedy: 'To go back, revert to that commit on the Space’s "Files" page.',
    },
  };
}

const ownersOf = ({ credentials }: SpaceAccess): HubAccount['owners'] =>
  credentials.huggingface.account?.owners ?? [];

/** Known by our README's tag, our journal, or our settings when a run ended before the upload. */
async function isOurs(
  access: SpaceAccess,
  { current, isJournaled }: { current: SpaceInfo; isJournaled: boolean },
): Promise<boolean> {
  const tags = [...(current.tags ?? []), ...(current.cardData?.tags ?? [])];
  if (tags.includes(marker) || isJournaled) return true;
  const variables = await hubOf(access).variables(access.target.space);
  return variables['DEPLOYMENT_ID']?.description === marker;
}

/** A public Docker Space with its settings. */
export async function createSpaceWith(
  access: SpaceAccess,
  settings: Parameters<Hosting['create']>[0],
  tools: Pick<HostingTools, 'sleep'>,
  tries = 3,
): Promise<void> {
  const { space } = access.target;
  const secrets = settings.secrets.map(({ key, value }) => {
    return { key, value, description: noteFor({ space, value }) };
  });
  const variables = settings.variables.map((variable) => ({ ...variable, description: marker }));
  try {
    await hubOf(access).create({ space, secrets, variables });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    // A lost response, and a 402 or 409 about the Space of an earlier try, are settled by reading it.
    const current = await hubOf(access).space(space);
    if (current !== null && (await isOurs(access, { current, isJournaled: true }))) return;
    if (error.status === 402) throw freePlan(space);
    if (error.status === 409 && /conflicting operation/i.test(error.bodyText) && tries > 1) {
      await tools.sleep(conflictPauseMs, { signal: access.signal });
      return createSpaceWith(access, settings, tools, tries - 1);
    }
    if (error.status === 409) throw spaceTaken(space, 'The name is in use.');
    if (error.status === 403 && error.code === 'forbidden') throw ownerUnknown(access, error.sentence);
    throw error;
  }
}

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

function spacePrivate(access: SpaceAccess): Failure {
  return new Failure({
    code: 'space-private',
    service,
    message: `The Space ${access.target.space} is private: a reader’s browser could not reach it.`,
    remedy: `Make it public on ${spacePageUrl(access, '/settings')}, or choose another with --space.`,
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

function ownerUnknown(access: SpaceAccess, sentence: string): Failure {
  const { target } = access;
  const names = ownersOf(access)
    .map(({ name }) => name)
    .join(', ');
  return new Failure({
    code: 'space-owner-unknown',
    service,
    message: `This Hugging Face token may not create Spaces for ${target.space.split('/')[0]}${sentence === '' ? '.' : `: ${sentence}`}`,
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
