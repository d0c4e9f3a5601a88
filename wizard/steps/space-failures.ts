import { Failure } from '../model/failure.ts';
import type { RunContext } from '../deployment/context.ts';
import { spacePageUrl } from '../hosting/space/space-access.ts';

const service = 'huggingface';

export function spaceTaken(space: string, why: string): Failure {
  return new Failure({
    code: 'space-taken',
    service,
    message: `The Space name ${space} is taken. ${why}`,
    remedy:
      'Choose another name with --space OWNER/NAME. A Docker Space of your own may be taken over by naming it.',
  });
}

export function notDocker(space: string, sdk: string): Failure {
  return new Failure({
    code: 'space-not-docker',
    service,
    message: `The Space ${space} is a ${sdk} Space; the server needs a Docker one.`,
    remedy: 'Choose another name with --space OWNER/NAME.',
  });
}

export function spacePrivate(context: RunContext): Failure {
  return new Failure({
    code: 'space-private',
    service,
    message: `The Space ${context.target.space} is private: a reader’s browser could not reach it.`,
    remedy: `Make it public on ${spacePageUrl(context, '/settings')}, or choose another with --space.`,
  });
}

/** Free accounts cannot create Docker Spaces (402) since July 2026; existing ones still take commits. */
export function freePlan(space: string): Failure {
  return new Failure({
    kind: 'rejected',
    code: 'free-plan',
    service,
    message: `Hugging Face lets ${space.split('/')[0]} create Docker Spaces only with a paid plan (PRO, Team or Enterprise).`,
    remedy:
      'Name a Docker Space that you have (--space OWNER/NAME), use an organisation with a plan, or subscribe at https://huggingface.co/pro and run again.',
  });
}

export function ownerUnknown({ target, credentials }: RunContext): Failure {
  const names = credentials.huggingface.account.owners.map(({ name }) => name).join(', ');
  return new Failure({
    code: 'space-owner-unknown',
    service,
    message: `This Hugging Face token may not create Spaces for ${target.space.split('/')[0]}.`,
    remedy: `Choose an owner that it may write to (${names || 'none is known'}), or make a token with more rights.`,
  });
}

/** Its secrets were to be kept, and nobody else has them. */
export function spaceGone(space: string): Failure {
  return new Failure({
    code: 'space-missing',
    service,
    message: `The Space ${space} is not there any more, nor are the secrets that it kept.`,
    remedy: 'Run again and set it up anew.',
  });
}
