import { HttpFailure } from '../../clients/http-failure.ts';
import type { Answers } from '../../model/answers.ts';
import type { Session } from '../../model/runtime.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { ExistingSecrets, ReusableService } from '../../deployment/run-settings.ts';
import { existingSecretNames, reusableServices } from '../../deployment/server/existing-secrets.ts';
import { hostingOf } from '../../hosting/hosting-of.ts';
import type { HostingAccess } from '../../hosting/hosting.ts';
import { requiredAnswers } from '../../probes/required-answers.ts';
import type { Resource } from '../fact-store.ts';
import type { InterviewState } from '../interview-state.ts';

export type ExistingSecretsState = InterviewState & {
  /** Null where the Space's settings may not be read: then everything is asked for. */
  existingSecrets?: ExistingSecrets | null;
};

/** Reads which secrets are on a Space that is updated, once the token is accepted: those are not asked for. */
export function existingSecretsResource<S extends ExistingSecretsState>(
  session: Session,
  options: {
    inputs: Pick<CommandInputs, 'http'>;
    /** The Space that is updated; null when a new one is set up. */
    spaceIn(state: S): string | null;
    /** The credential that reads it; null until it is accepted. */
    accessIn(state: S): HostingAccess['credentials'] | null;
  },
): Resource<S> {
  const { inputs, accessIn, spaceIn } = options;
  return {
    id: 'existing-secrets',
    key: (state) => {
      const space = spaceIn(state);
      const access = space === null ? null : accessIn(state);
      const tokens = Object.values(access ?? {}).map(({ token }) => token);
      return access === null ? null : [space, ...tokens];
    },
    load: async (state) => {
      const { fetch, signal } = session.runtime;
      const existingSecrets = await readExistingSecrets(state.answers, {
        credentials: accessIn(state) ?? {},
        target: { space: spaceIn(state) ?? '' },
        http: inputs.http,
        fetch,
        signal,
      });
      const names = existingSecrets === null ? [] : existingSecretNames(existingSecrets);
      if (names.length > 0) {
        const message = `Kept at the server: ${names.join(', ')}.`;
        session.emit({ type: 'notice', code: 'secrets-kept', message, remedy: '' });
      }
      return { existingSecrets } as Partial<S>;
    },
  };
}

async function readExistingSecrets(answers: Answers, access: HostingAccess): Promise<ExistingSecrets | null> {
  try {
    const settings = await hostingOf(access).settings();
    const services = reusableServices(settings.secrets).filter((service) => !isGiven(service, answers));
    return { services, ...settings };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return null;
  }
}

/** A value from the environment is used: it may be another one. */
function isGiven(service: ReusableService, answers: Answers): boolean {
  return requiredAnswers[service].every((name) => answers[name] !== undefined);
}
