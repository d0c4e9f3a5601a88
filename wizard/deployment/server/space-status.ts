import type { HealthReport } from '../../../server/contract.ts';
import { hostingOf, hostingService } from '../../hosting/hosting-of.ts';
import type { HostingAccess, PlaceStatus } from '../../hosting/hosting.ts';
import { classifyStage } from '../../hosting/stage.ts';
import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import type { Session } from '../../model/runtime.ts';
import { createRunTools, type CommandInputs } from '../command-inputs.ts';
import type { SpaceContext } from '../context.ts';
import { readHealth } from './health.ts';

/** A deployment's place now. What only its owner may read is null without a token that may. */
export type SpaceStatus = PlaceStatus & {
  /** Null when no server of ours answers, and of a sleeping Space, which a request would wake. */
  health: HealthReport | null;
};

/** For commands that only read: it has no journal, and its token was not checked. */
export function readOnlyContext(
  session: Session,
  { inputs, space, answers }: { inputs: CommandInputs; space: string; answers: Answers },
): SpaceContext {
  const { http } = inputs;
  const journal = { entries: [], add: () => Promise.reject(new Error('a read-only command has no journal')) };
  return {
    ...createRunTools(session, { http, journal }),
    credentials: hostingCredentials(inputs, answers),
    target: { space },
    settings: { apiUrl: null },
  };
}

/** The tokens that were given, of the vendors that may host a server. */
export function hostingCredentials(
  { endpoints }: Pick<CommandInputs, 'endpoints'>,
  answers: Answers,
): HostingAccess['credentials'] {
  const vercel = answers.VERCEL_TOKEN?.value;
  const vercelHosting = answers.HOSTING_VERCEL_TOKEN?.value;
  return {
    huggingface: { token: answers.HF_TOKEN?.value ?? null, endpoint: endpoints.hf },
    ...(vercel !== undefined && { vercel: { token: vercel, apiUrl: endpoints.vercel } }),
    ...(vercelHosting !== undefined && {
      vercelHosting: { token: vercelHosting, apiUrl: endpoints.vercel },
    }),
  };
}

/** Throws Failure `space-missing`. */
export async function readSpaceStatus(context: SpaceContext): Promise<SpaceStatus> {
  const status = await hostingOf(context).status();
  if (status === null) throw spaceMissing(context);
  const { stage, url } = status;
  const isAwake = classifyStage(stage) !== 'asleep' && classifyStage(stage) !== 'paused';
  const health = url === null || !isAwake ? null : await readHealth(context, url);
  return { ...status, health };
}

function spaceMissing(context: SpaceContext): Failure {
  const { label, page } = hostingOf(context);
  const service = hostingService(context);
  if (service === 'vercel')
    return new Failure({
      code: 'space-missing',
      service,
      message: `There is no Vercel project ${label}, or this token may not see it.`,
      remedy:
        'Check the name given with --hosting-project and --hosting-team, and whose token VERCEL_TOKEN is.',
    });
  const withToken = context.credentials.huggingface?.token != null;
  return new Failure({
    code: 'space-missing',
    service,
    message: `There is no Space ${label}${withToken ? ', or this token may not see it' : ' that everybody may see'}.`,
    remedy: withToken
      ? 'Check the name given with --space, and whose token HF_TOKEN is.'
      : `Check the name given with --space. A private one needs its owner’s HF_TOKEN, and no reader can reach it: ${page('settings')}`,
  });
}
