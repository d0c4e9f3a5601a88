import type { Session } from '../model/runtime.ts';
import { isSecretAnswer, type AnswerName, type Answers } from '../model/answers.ts';
import type { Problem } from '../model/question.ts';
import { Secret } from '../model/secret.ts';
import type { HostingKind, Service } from '../model/service.ts';
import type { ParsedPaste } from '../paste/parse-paste.ts';
import type { FlowHistory } from './flow.ts';
import { waysToSignIn, type SignInName, type SignInWay } from './sign-in/sign-in.ts';
import type { ServiceVerdicts } from '../model/credential.ts';

/** What is known while credentials and targets are collected. */
export type InterviewState = ServiceVerdicts & {
  /** False where no one can be asked: under `--yes`, or without a terminal. */
  isInteractive: boolean;
  /** Where the server is to run. */
  hosting: HostingKind;
  answers: Answers;
  /** Found on this machine; only ever offered. */
  proposals: Answers;
  /** Names of proposals that their services rejected: not offered any more. */
  refusedProposals?: readonly AnswerName[];
  /** Entered before the user went back: offered before what was found. */
  given: Answers;
  /** Names of the answers that the user entered. */
  asked: readonly AnswerName[];
  problems: Readonly<Partial<Record<AnswerName, Problem>>>;
  /** How often a check was repeated with the same values. */
  retries: Readonly<Partial<Record<Service, number>>>;
  /** What the last reply contained, where it was typed or pasted. */
  paste: ParsedPaste | null;
  /** How one can sign in instead of pasting a token. */
  signInWays: Readonly<Record<SignInName, readonly SignInWay[]>>;
  /** How access is given, where that was chosen; `ask` also where a token is offered. */
  access: Readonly<Partial<Record<SignInName, { way: SignInWay | 'paste' | 'ask' }>>>;
};

export function interviewState(
  session: Pick<Session, 'renderer' | 'flags' | 'runtime'>,
  { answers, proposals }: { answers: Answers; proposals: Answers },
): InterviewState {
  const isInteractive = session.renderer.canAsk && !session.flags.yes;
  return {
    isInteractive,
    hosting: session.flags.hosting ?? 'space',
    answers,
    proposals,
    given: {},
    asked: [],
    problems: {},
    retries: {},
    paste: null,
    signInWays: waysToSignIn(session.runtime),
    access: {},
  };
}

/** Why an answer is asked for again. One that can be retried stays in the field; any other is not offered again. */
export type Refusal = Problem & { canRetry: boolean };
export type Refusals = Readonly<Partial<Record<AnswerName, Refusal>>>;

/** Which question is asked again after each verdict. */
const questionFor: Record<Service, { rejected: AnswerName; unreachable: AnswerName }> = {
  huggingface: { rejected: 'HF_TOKEN', unreachable: 'HF_TOKEN' },
  vercel: { rejected: 'VERCEL_TOKEN', unreachable: 'VERCEL_TOKEN' },
  gemini: { rejected: 'GEMINI_API_KEY', unreachable: 'GEMINI_API_KEY' },
  qdrant: { rejected: 'QDRANT_API_KEY', unreachable: 'QDRANT_URL' },
  postgres: { rejected: 'DATABASE_URL', unreachable: 'DATABASE_URL' },
};

/** The answers that their services refused. A free plan has a screen of its own. */
export function refusedCredentials(state: ServiceVerdicts): Refusals {
  const refusals: Partial<Record<AnswerName, Refusal>> = {};
  for (const service of Object.keys(questionFor) as Service[]) {
    const probe = state[service];
    if (probe === undefined || probe.verdict === 'accepted' || probe.alternatives !== undefined) continue;
    const { verdict, message, remedy } = probe;
    refusals[questionFor[service][verdict]] = { message, remedy, canRetry: verdict === 'unreachable' };
  }
  return refusals;
}

/** The value that Enter accepts at a question; null when there is none, or it was refused. */
export function offered<N extends AnswerName>(
  state: InterviewState,
  name: N,
  refusal: Refusal | undefined,
): NonNullable<Answers[N]> | null {
  const answer = state.answers[name];
  if (refusal?.canRetry === true && answer !== undefined) return answer;
  const isProposed = state.refusedProposals?.includes(name) !== true;
  const candidate = state.given[name] ?? (isProposed ? state.proposals[name] : undefined);
  return candidate === undefined || (refusal !== undefined && candidate.value === answer?.value)
    ? null
    : candidate;
}

export type RefusalsIn<S> = (state: S) => Refusals;

/** The state with answers that the user entered. What was refused is dropped from the defaults. */
export function withAnswers<S extends InterviewState>(
  state: S,
  { entered, refusals }: { entered: Answers; refusals: Refusals },
): S {
  const names = Object.keys(entered) as AnswerName[];
  return {
    ...state,
    answers: { ...state.answers, ...entered },
    proposals: withoutRefused(state.proposals, { state, refusals }),
    given: withoutRefused(state.given, { state, refusals }),
    asked: [...state.asked.filter((name) => !names.includes(name)), ...names],
    problems: Object.fromEntries(
      Object.entries(state.problems).filter(([name]) => !names.includes(name as AnswerName)),
    ),
    paste: null,
  };
}

function withoutRefused(
  defaults: Answers,
  { state, refusals }: { state: InterviewState; refusals: Refusals },
): Answers {
  const isKept = ([name, answer]: [string, Answers[AnswerName]]): boolean => {
    const refusal = refusals[name as AnswerName];
    const isRefused = refusal !== undefined && !refusal.canRetry;
    return !isRefused || state.answers[name as AnswerName]?.value !== answer?.value;
  };
  return Object.fromEntries(Object.entries(defaults).filter(isKept));
}

export function withoutAnswer(answers: Answers, name: AnswerName): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([key]) => key !== name));
}

/** The values of a paste as answers. */
export function answersInPaste({ values }: ParsedPaste): Answers {
  const answers: Answers = {};
  for (const [key, { value, cleaned }] of Object.entries(values)) {
    const name = key as AnswerName;
    if (isSecretAnswer(name)) answers[name] = { value: new Secret(value), source: 'typed', cleaned };
    else answers[name] = { value, source: 'typed', cleaned };
  }
  return answers;
}

/** Takes back one answer at a time; what was entered stays on offer, unless it was refused. */
export function interviewHistory<S extends InterviewState>(refusalsIn: RefusalsIn<S>): FlowHistory<S> {
  return {
    takeBack: (earlier, later) => takeBackAnswers(earlier, { later, refusals: refusalsIn(later) }),
    between: (before, after) => {
      const names = after.asked.filter((name) => after.answers[name] !== before.answers[name]);
      return names.slice(1).map((_, index) => {
        const later = names.slice(index + 1);
        const kept = after.asked.filter((name) => !later.includes(name));
        return {
          ...after,
          answers: withEarlier(after.answers, before.answers, later),
          asked: kept,
          problems: {},
        };
      });
    },
  };
}

/** The answers, of which some are as they were before. */
function withEarlier(answers: Answers, before: Answers, names: readonly AnswerName[]): Answers {
  const isEarlier = ([name]: [string, unknown]): boolean => names.includes(name as AnswerName);
  return {
    ...Object.fromEntries(Object.entries(answers).filter((entry) => !isEarlier(entry))),
    ...Object.fromEntries(Object.entries(before).filter(isEarlier)),
  };
}

function takeBackAnswers<S extends InterviewState>(
  earlier: S,
  { later, refusals }: { later: S; refusals: Refusals },
): S {
  const entered = later.asked.filter(
    (name) => later.answers[name] !== earlier.answers[name] && refusals[name]?.canRetry !== false,
  );
  const defaults = Object.fromEntries(entered.map((name) => [name, later.answers[name]]));
  const refused = { state: later, refusals };
  return {
    ...earlier,
    proposals: withoutRefused(earlier.proposals, refused),
    given: { ...withoutRefused(later.given, refused), ...defaults },
    // A sign-in that was begun is over; the token that it brought is offered.
    access: Object.fromEntries(Object.entries(earlier.access).filter(([, { way }]) => way === 'ask')),
    problems: {},
  };
}
