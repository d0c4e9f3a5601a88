import type { Http } from '../clients/http.ts';
import { missingAnswers } from '../paste/missing-answers.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import { Failure } from '../model/failure.ts';
import { questions, type Question } from '../model/question.ts';
import { services, type Service } from '../model/service.ts';
import type { Endpoints } from '../model/formats/endpoints.ts';
import { runProbes, type ProbePreferences } from '../probes/run-probes.ts';
import { refuse, takeBack, takeReply, valuePrompt, type Interview } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import { createChecks, type Checks, type CheckFailure } from './checks.ts';
import { askFreePlan } from './ask-free-plan.ts';
import { inputMissing } from './input-missing.ts';
import { isPlaceQuestion, type MissingInput } from './targets.ts';
import { questionFor } from './needs.ts';
import { requiredAnswers } from '../probes/required-answers.ts';
import { wantedFrom } from './wanted-from.ts';
import { relay, type Session } from '../model/runtime.ts';

/** How a command learns where it works, beside what it works with. */
export type PlaceFinder<P> = {
  /** What no check can supply. */
  missing(answers: Answers): Promise<MissingInput[]>;
  /** From answers and defaults alone; or what is missing when nobody can be asked. */
  resolve(known: Known): Promise<P | { missing: MissingInput[] }>;
  /** Asks for what is open. `back` leads to the keys. */
  ask(interview: Interview, credentials: Partial<Credentials>): Promise<P | 'back'>;
};
export type Known = { answers: Answers; credentials: Partial<Credentials> };

/** For a command that knows its place before it asks for anything. */
export const nowhere: PlaceFinder<Record<never, never>> = {
  missing: async () => [],
  resolve: async () => ({}),
  ask: async () => ({}),
};

export type Gathered<S extends Service, P> = {
  credentials: Pick<Credentials, S>;
  place: P;
  /** To be asked further, or again; null where nobody was asked. */
  ongoing: Ongoing | null;
};

/** Gone back from the first question; what was said stays on offer. */
export type Left = { left: Answers };

/** An interview under way: what was said so far, and the checks of it. */
export type Ongoing = { state: Interview; checks: Checks };

type Ways = {
  /** An interview that goes on; its answers and checks stand. */
  ongoing?: Ongoing;
  /** True when Esc led back into it: its last answer is taken back first. */
  isBack?: boolean;
  /** True where Esc at the first question leads somewhere. */
  canLeave?: boolean;
  /** Checks that were made already, of these very answers. */
  checks?: Checks;
};

/**
 * From answers to accepted credentials and one resolved place for every write.
 * Throws Failure: input-missing (12), rejected (3), unreachable (4), cancelled (130).
 */
export async function gather<S extends Service, P extends object>(
  session: Session,
  options: Options<S, P>,
): Promise<Gathered<S, P>> {
  const found = await gatherOrLeave(session, { ...options, canLeave: false });
  if ('left' in found) throw cancelledEarly();
  return found;
}

/** As `gather`; what was said so far when a person goes back from the first question. */
export async function gatherOrLeave<S extends Service, P extends object>(
  session: Session,
  options: Options<S, P> & Ways,
): Promise<Gathered<S, P> | Left> {
  const { renderer, flags } = session;
  return renderer.canAsk && !flags.yes ? interview(session, options) : unattended(session, options);
}

type Options<S extends Service, P> = {
  answers: Answers;
  proposals: Answers;
  endpoints: Endpoints;
  http: Http;
  /** A command asks only for what its steps use. */
  services: readonly S[];
  place: PlaceFinder<P>;
  /** What the server is to use; unsaid, what the environment says. */
  settings?: ProbePreferences;
};

/** The questions that always need an answer; a place has defaults that the checks bring. */
function questionsOf(services: readonly Service[]): Question[] {
  const names = new Set(services.flatMap((service) => requiredAnswers[service]));
  return questions.filter(({ name }) => names.has(name) && !isPlaceQuestion(name));
}

async function unattended<S extends Service, P extends object>(
  session: Session,
  { answers, endpoints, http, services: wanted, place: finder, settings }: Options<S, P>,
): Promise<Gathered<S, P>> {
  const missing = [
    ...missingAnswers({ answers, questions: questionsOf(wanted) }),
    ...(await finder.missing(answers)),
  ];
  if (missing.length > 0) throw inputMissing(session, missing);
  const { signal } = session.runtime;
  const about = { answers, endpoints, http, signal, preferences: settings ?? wantedFrom(session) };
  const outcome = await relay(runProbes<S>({ ...about, services: wanted }), session.emit);
  if (outcome instanceof Failure) throw outcome;
  const place = await finder.resolve({ answers, credentials: outcome });
  if ('missing' in place) throw inputMissing(session, place.missing);
  return { credentials: outcome, place, ongoing: null };
}

/** Throws Failure `input-missing`, which names all that the services' checks lack. */
export function expectAnswers(
  session: Session,
  { answers, services: wanted }: { answers: Answers; services: readonly Service[] },
): void {
  const missing = missingAnswers({ answers, questions: questionsOf(wanted) });
  if (missing.length > 0) throw inputMissing(session, missing);
}

/** Hugging Face's plan can make everything else pointless: its verdict is awaited before question two. */
const mustSettleFirst: readonly Service[] = ['huggingface'];

async function begun<S extends Service, P extends object>(
  session: Session,
  options: Options<S, P> & Ways,
): Promise<Ongoing> {
  if (options.ongoing !== undefined) return options.ongoing;
  // A folder without a book is told before the first key is asked for.
  await options.place.missing(options.answers);
  const answers = { ...options.answers };
  const proposals = { ...options.proposals };
  const canLeave = options.canLeave ?? false;
  const state: Interview = { answers, proposals, problems: new Map(), asked: [], canLeave };
  const { emit, runtime } = session;
  const wanted = options.settings ?? wantedFrom(session);
  const checks = options.checks ?? createChecks({ ...options, wanted, emit, signal: runtime.signal });
  return { state, checks };
}

async function interview<S extends Service, P extends object>(
  session: Session,
  options: Options<S, P> & Ways,
): Promise<Gathered<S, P> | Left> {
  const { services: wanted, place: finder } = options;
  const asked = questionsOf(wanted);
  const ongoing = await begun(session, options);
  const { state, checks } = ongoing;
  if (options.isBack === true && !backOne(state, checks)) return { left: state.proposals };
  for (;;) {
    session.runtime.signal.throwIfAborted();
    for (const refusal of checks.failures()) {
      const isGone = await askAgain(session, { state, checks, refusal });
      if (isGone) return { left: state.proposals };
    }
    for (const service of wanted) {
      const complete = requiredAnswers[service].every((name) => state.answers[name] !== undefined);
      if (complete && !checks.isOf(service, state.answers)) checks.start(service, state.answers);
    }
    await checks.settled(mustSettleFirst);
    if (checks.failures().length > 0) continue;

    const question = asked.find((one) => state.answers[one.name] === undefined);
    if (question !== undefined) {
      const isGone = await askOne(session, { state, checks, question, asked });
      if (isGone) return { left: state.proposals };
      continue;
    }
    await checks.settled(wanted);
    if (checks.failures().length > 0) continue;
    const credentials = acceptedBy(checks, wanted);
    const place = await finder.ask(state, credentials);
    // A paste there may have brought other keys: they are checked before they are used.
    const isStale = wanted.some((service) => !checks.isOf(service, state.answers));
    if (place !== 'back' && isStale) continue;
    if (place !== 'back') return { credentials, place, ongoing };
    if (!backOne(state, checks)) return { left: state.proposals };
  }
}

/** True when the person went back from the first question. */
async function askOne(
  session: Session,
  of: { state: Interview; checks: Checks; question: Question; asked: readonly Question[] },
): Promise<boolean> {
  const { state, checks, question, asked } = of;
  const reply = await session.renderer.ask(valuePrompt(state, question, asked), {
    signal: session.runtime.signal,
  });
  switch (reply.type) {
    case 'cancel':
      throw cancelledEarly();
    case 'back':
      return !backOne(state, checks);
    case 'value':
    case 'accept':
      takeReply(session, state, question, reply);
      return false;
    case 'choice':
      return false;
    default:
      return reply satisfies never;
  }
}

/** Takes the last answer back; it is proposed when its question comes again. False when there is none. */
function backOne(state: Interview, checks: Checks): boolean {
  state.problems.clear();
  const last = state.asked.pop();
  if (last === undefined) return false;
  takeBack(state, last);
  for (const service of services) if (requiredAnswers[service].includes(last)) checks.forget(service);
  return true;
}

/** True when the person went back from the first question. */
async function askAgain(
  session: Session,
  { state, checks, refusal }: Ongoing & { refusal: CheckFailure },
): Promise<boolean> {
  const { service, verdict, message, remedy, alternatives: ways } = refusal;
  const name = questionFor[service][verdict];
  checks.forget(service);
  if (ways !== undefined) {
    const way = await askFreePlan(session, { state, refusal, ways });
    return way === 'back' && !backOne(state, checks);
  }
  // Enter tries an unreachable service again; a refused value is not offered twice.
  if (verdict === 'unreachable') takeBack(state, name);
  refuse(state, name, { message, remedy });
  return false;
}

function acceptedBy<S extends Service>(checks: Checks, wanted: readonly S[]): Pick<Credentials, S> {
  const found = wanted.map((service) => [service, checks.credential(service)] as const);
  return Object.fromEntries(found) as Pick<Credentials, S>;
}
