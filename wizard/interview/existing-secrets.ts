import { createHubClient } from '../clients/hub-client.ts';
import { HttpFailure } from '../clients/http-failure.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import type { Service } from '../model/service.ts';
import type { ExistingSecrets, ReusableService } from '../deployment/run-settings.ts';
import { reusableServices, existingSecretNames } from '../deployment/server/existing-secrets.ts';
import { gatherOrLeave, nowhere, type Gathered, type Left, type Ongoing } from './collect-credentials.ts';
import { requiredAnswers } from '../probes/required-answers.ts';
import type { CommandInputs } from '../deployment/command-inputs.ts';
import type { Targets } from './targets.ts';
import type { Session } from '../model/runtime.ts';

export type CollectedInputs = Gathered<Service, Targets> & { kept: ExistingSecrets | null };

/** Asks for the rest, once it is known what the Space keeps. */
export type Beside = (of: {
  kept: ExistingSecrets | null;
  ongoing: Ongoing | null;
  isBack: boolean;
}) => Promise<CollectedInputs | Left>;

/** Hugging Face's token first: it tells which secrets stand in the Space, and those are not asked for. */
export async function gatherBeside(
  session: Session,
  { opening, space, beside }: { opening: CommandInputs; space: string; beside: Beside },
): Promise<CollectedInputs | Left> {
  const first = await gatherOrLeave(session, {
    ...opening,
    services: ['huggingface'],
    place: nowhere,
    canLeave: true,
  });
  if ('left' in first) return first;
  const kept = await keptIn(session, { opening, space, credential: first.credentials.huggingface });
  const names = kept === null ? [] : existingSecretNames(kept);
  if (names.length > 0) {
    const message = `Kept, in the Space: ${names.join(', ')}.`;
    session.emit({ type: 'notice', code: 'secrets-kept', message, remedy: '' });
  }
  return beside({ kept, ongoing: first.ongoing, isBack: false });
}

/** Null where the Space's settings may not be read: then everything is asked for. */
async function keptIn(
  session: Session,
  of: { opening: CommandInputs; space: string; credential: Credentials['huggingface'] },
): Promise<ExistingSecrets | null> {
  const { opening, space, credential } = of;
  const { token, endpoint } = credential;
  const { fetch, signal } = session.runtime;
  const hub = createHubClient({ endpoint, token, http: opening.http, fetch, signal });
  try {
    const [secrets, variables] = await Promise.all([hub.secrets(space), hub.variables(space)]);
    const services = reusableServices(secrets).filter((service) => !isGiven(service, opening.answers));
    return { services, secrets, variables };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return null;
  }
}

/** What the environment gives is used: it may be another value. */
function isGiven(service: ReusableService, answers: Answers): boolean {
  return requiredAnswers[service].every((name) => answers[name] !== undefined);
}
