import type { HealthReport } from '../../../server/contract.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { SpaceInfo, SpaceSecrets, SpaceVariables } from '../../clients/hub-schemas.ts';
import { hubOf, spacePageUrl } from '../../hosting/space/space-access.ts';
import { classifyStage } from '../../hosting/space/space-stage.ts';
import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import type { Session } from '../../model/runtime.ts';
import { createRunTools, type CommandInputs } from '../command-inputs.ts';
import type { SpaceContext } from '../context.ts';
import { readHealth } from './health.ts';
import { serverUrl } from './server-url.ts';

/** A Space now. What only its owner may read is null without a token that may. */
export type SpaceStatus = {
  info: SpaceInfo;
  stage: string;
  /** The Hub's reason for a crash or a failed build. */
  errorMessage: string | null;
  url: string | null;
  /** Null when no server of ours answers, and of a sleeping Space, which a request would wake. */
  health: HealthReport | null;
  variables: SpaceVariables | null;
  secrets: SpaceSecrets | null;
};

/** For commands that only read: it has no journal, and its token was not checked. */
export function readOnlyContext(
  session: Session,
  { inputs, space, answers }: { inputs: CommandInputs; space: string; answers: Answers },
): SpaceContext {
  const { http, endpoints } = inputs;
  const journal = { entries: [], add: () => Promise.reject(new Error('a read-only command has no journal')) };
  return {
    ...createRunTools(session, { http, journal }),
    credentials: {
      huggingface: { token: answers.HF_TOKEN?.value ?? null, endpoint: endpoints.hf },
    },
    target: { space },
    settings: { apiUrl: null },
  };
}

/** Throws Failure `space-missing`. */
export async function readSpaceStatus(context: SpaceContext): Promise<SpaceStatus> {
  const hub = hubOf(context);
  const { space } = context.target;
  const info = await hub.space(space).catch(nullIfForbidden);
  if (info === null) throw spaceMissing(context);
  const [runtime, url, variables, secrets] = await Promise.all([
    info.runtime ?? hub.runtime(space),
    serverUrl(context),
    hub.variables(space).catch(nullIfForbidden),
    hub.secrets(space).catch(nullIfForbidden),
  ]);
  const { stage, errorMessage = null } = runtime;
  const isAwake = classifyStage(stage) !== 'asleep' && classifyStage(stage) !== 'paused';
  const health = url === null || !isAwake ? null : await readHealth(context, url);
  return { info, stage, errorMessage, url, health, variables, secrets };
}

/** The Hub answers 401 or 403 for settings that the token may not read. */
function nullIfForbidden(error: unknown): null {
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
      : `Check the name given with --space. A private one needs its owner’s HF_TOKEN, and no reader can reach it: ${spacePageUrl(context, '/settings')}`,
  });
}
