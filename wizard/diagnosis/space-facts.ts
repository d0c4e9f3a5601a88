import type { HealthReport } from '../../server/contract.ts';
import { HttpFailure } from '../clients/http-failure.ts';
import type { Space, SpaceSecrets, SpaceVariables } from '../clients/hub-schemas.ts';
import type { Answers } from '../model/answers.ts';
import { Failure } from '../model/failure.ts';
import { healthAt } from '../steps/await-health.ts';
import { hubOf, spacePage, type SpaceContext } from '../steps/context.ts';
import { hostOf } from '../steps/host.ts';
import { meaningOf } from '../steps/stages.ts';
import { toolsOf, type Opening } from '../interview/opening.ts';
import type { Session } from '../model/world.ts';

/** A Space as it stands. What only its owner may read is null without a token that may. */
export type SpaceFacts = {
  info: Space;
  stage: string;
  /** What a crashed or unbuilt Space says of itself. */
  errorMessage: string | null;
  host: string | null;
  /** Null when nothing of ours answers, and of a Space that sleeps: asking would wake it. */
  health: HealthReport | null;
  variables: SpaceVariables | null;
  secrets: SpaceSecrets | null;
};

/** For looking alone: nothing is journaled, and a token that was given is not tried first. */
export function lookingContext(
  session: Session,
  { opening, space, answers }: { opening: Opening; space: string; answers: Answers },
): SpaceContext {
  const { http, endpoints } = opening;
  const journal = { entries: [], add: () => Promise.reject(new Error('looking changes nothing')) };
  return {
    ...toolsOf(session, { http, journal }),
    credentials: {
      huggingface: { token: answers.HF_TOKEN?.value ?? null, endpoint: endpoints.hf },
    },
    target: { space },
    settings: { apiUrl: null },
  };
}

/** Throws Failure `space-missing`. */
export async function spaceFacts(context: SpaceContext): Promise<SpaceFacts> {
  const hub = hubOf(context);
  const { space } = context.target;
  const info = await hub.space(space).catch(nullWhenRefused);
  if (info === null) throw spaceMissing(context);
  const [runtime, host, variables, secrets] = await Promise.all([
    info.runtime ?? hub.runtime(space),
    hostOf(context),
    hub.variables(space).catch(nullWhenRefused),
    hub.secrets(space).catch(nullWhenRefused),
  ]);
  const { stage, errorMessage = null } = runtime;
  const isAwake = meaningOf(stage) !== 'asleep' && meaningOf(stage) !== 'paused';
  const health = host === null || !isAwake ? null : await healthAt(context, host);
  return { info, stage, errorMessage, host, health, variables, secrets };
}

/** The Hub tells 401 and 403 to whom it does not tell more. */
function nullWhenRefused(error: unknown): null {
  if (error instanceof HttpFailure && (error.status === 401 || error.status === 403)) return null;
  throw error;
}

function spaceMissing(context: SpaceContext): Failure {
  const { space } = context.target;
  const withToken = context.credentials.huggingface.token !== null;
  return new Failure({
    code: 'space-missing',
    service: 'huggingface',
    message: `There is no Space ${space}${withToken ? ', or this token may not see it' : ' that everybody may see'}.`,
    remedy: withToken
      ? 'Check the name given with --space, and whose token HF_TOKEN is.'
      : `Check the name given with --space. A private one needs its owner’s HF_TOKEN, and no reader can reach it: ${spacePage(context, '/settings')}`,
  });
}
