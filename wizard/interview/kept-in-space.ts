import { createHub } from '../clients/hub.ts';
import { HttpFailure } from '../clients/http-failure.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import type { Service } from '../model/service.ts';
import type { Kept, KeptService } from '../steps/context.ts';
import { keepable, keptNames } from '../steps/kept.ts';
import { gatherOrLeave, nowhere, type Gathered, type Left, type Ongoing } from './gather.ts';
import { needs } from './needs.ts';
import type { Opening } from './opening.ts';
import type { Place } from './place.ts';
import type { Session } from '../model/world.ts';

export type Prepared = Gathered<Service, Place> & { kept: Kept | null };

/** Asks for the rest, once it is known what the Space keeps. */
export type Beside = (of: {
  kept: Kept | null;
  ongoing: Ongoing | null;
  isBack: boolean;
}) => Promise<Prepared | Left>;

/** Hugging Face's token first: it tells which secrets stand in the Space, and those are not asked for. */
export async function gatherBeside(
  session: Session,
  { opening, space, beside }: { opening: Opening; space: string; beside: Beside },
): Promise<Prepared | Left> {
  const first = await gatherOrLeave(session, {
    ...opening,
    services: ['huggingface'],
    place: nowhere,
    canLeave: true,
  });
  if ('left' in first) return first;
  const kept = await keptIn(session, { opening, space, credential: first.credentials.huggingface });
  const names = kept === null ? [] : keptNames(kept);
  if (names.length > 0) {
    const message = `Kept, in the Space: ${names.join(', ')}.`;
    session.emit({ type: 'notice', code: 'secrets-kept', message, remedy: '' });
  }
  return beside({ kept, ongoing: first.ongoing, isBack: false });
}

/** Null where the Space's settings may not be read: then everything is asked for. */
async function keptIn(
  session: Session,
  of: { opening: Opening; space: string; credential: Credentials['huggingface'] },
): Promise<Kept | null> {
  const { opening, space, credential } = of;
  const { token, endpoint } = credential;
  const { fetch, signal } = session.world;
  const hub = createHub({ endpoint, token, http: opening.http, fetch, signal });
  try {
    const [secrets, variables] = await Promise.all([hub.secrets(space), hub.variables(space)]);
    const services = keepable(secrets).filter((service) => !isGiven(service, opening.answers));
    return { services, secrets, variables };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return null;
  }
}

/** What the environment gives is used: it may be another value. */
function isGiven(service: KeptService, answers: Answers): boolean {
  return needs[service].every((name) => answers[name] !== undefined);
}
