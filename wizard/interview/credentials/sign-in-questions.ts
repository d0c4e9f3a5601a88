import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { Answer, Answers } from '../../model/answers.ts';
import type { Choice } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import type { Secret } from '../../model/secret.ts';
import { serviceTitles, type Service } from '../../model/service.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import { offered, withAnswers, type InterviewState, type RefusalsIn } from '../interview-state.ts';
import {
  beginSignIn,
  signInNames,
  vendorTools,
  type SignIn,
  type SignInName,
  type SignInWay,
} from '../sign-in/sign-in.ts';

type NoSignIn = { problem: string };

/** Of one value, what is known of a sign-in that brings it. */
type Facts = { begun?: SignIn | NoSignIn; brought?: Answer<Secret> | NoSignIn };
type SignInState = InterviewState & {
  hubBegun?: Facts['begun'];
  hubBrought?: Facts['brought'];
  vercelBegun?: Facts['begun'];
  vercelBrought?: Facts['brought'];
};

const parts = {
  HF_TOKEN: { service: 'huggingface', begun: 'hubBegun', brought: 'hubBrought' },
  VERCEL_TOKEN: { service: 'vercel', begun: 'vercelBegun', brought: 'vercelBrought' },
} as const satisfies Record<SignInName, object>;

const idsOf = (name: SignInName) => ({ begun: `${name}-sign-in`, brought: `${name}-signed-in` });

/** Ids of the resources of a service's sign-in; none where it has none. */
export function signInIds(service: Service): string[] {
  return signInNames
    .filter((name) => parts[name].service === service)
    .flatMap((name) => Object.values(idsOf(name)));
}

function factsIn(state: SignInState, name: SignInName): Facts {
  const begun = state[parts[name].begun];
  const brought = state[parts[name].brought];
  return { ...(begun !== undefined && { begun }), ...(brought !== undefined && { brought }) };
}

function begunIn(state: SignInState, name: SignInName): SignIn | null {
  const { begun } = factsIn(state, name);
  return begun === undefined || 'problem' in begun ? null : begun;
}

/** Also where a sign-in was chosen that is over: Esc does not lead into it again. */
function hasNoWay(state: SignInState, name: SignInName): boolean {
  const way = state.access[name]?.way;
  return way === undefined || (way !== 'paste' && begunIn(state, name) === null);
}

/** Why the last sign-in came to nothing. */
function problemIn(state: SignInState, name: SignInName): string | null {
  const { begun, brought } = factsIn(state, name);
  if (begun !== undefined && 'problem' in begun) return begun.problem;
  return brought !== undefined && 'problem' in brought ? brought.problem : null;
}

type SignInQuestionOptions<S> = {
  name: SignInName;
  isNeeded(state: S): boolean;
  refusalsIn: RefusalsIn<S>;
  after: readonly string[];
};

/** How access is given, where one can sign in; then the code. A token that arrives answers the question for it. */
export function signInQuestions<S extends InterviewState>(
  options: SignInQuestionOptions<S>,
): FlowQuestion<S>[] {
  const { name, isNeeded, after } = options;
  const isWanted = (state: S): boolean =>
    state.isInteractive &&
    state.signInWays[name].length > 0 &&
    state.answers[name] === undefined &&
    isNeeded(state);
  const access: FlowQuestion<S> = {
    id: `${name}-access`,
    after: [...after, idsOf(name).begun],
    isOpen: (state) =>
      isWanted(state) &&
      (state.access[name]?.way === 'ask' || offered(state, name, undefined) === null) &&
      (hasNoWay(state, name) || problemIn(state, name) !== null),
    prompt: (state) => ({
      type: 'choice',
      name: 'sign-in',
      title: `How do you give access to ${serviceTitles[parts[name].service]}?`,
      lines: [problemIn(state, name) ?? 'Nothing is written before you accept a plan.'],
      choices: [
        ...state.signInWays[name].map((way) => wayChoice(name, way)),
        { value: 'paste', label: 'Paste a token', note: null },
      ],
    }),
    answer: (state, reply) => {
      if (reply.type !== 'choice') return state;
      const way = state.signInWays[name].find((candidate) => candidate === reply.value) ?? 'paste';
      // A new object: signing in again asks for a new code.
      return { ...state, access: { ...state.access, [name]: { way } } };
    },
  };
  return [access, codeQuestion(options, isWanted)];
}

function wayChoice(name: SignInName, way: SignInWay): Choice {
  return way === 'browser'
    ? { value: way, label: 'Sign in with the browser', note: 'it may change only what it creates' }
    : { value: way, label: `Start ${vendorTools[name].shown}`, note: 'its login stays on this machine' };
}

function codeQuestion<S extends InterviewState>(
  { name, refusalsIn }: SignInQuestionOptions<S>,
  isWanted: (state: S) => boolean,
): FlowQuestion<S> {
  return {
    id: `${name}-code`,
    after: [idsOf(name).begun],
    until: [idsOf(name).brought],
    isRevisited: false,
    isOpen: (state) =>
      isWanted(state) && begunIn(state, name) !== null && factsIn(state, name).brought === undefined,
    prompt: (state) => {
      const { userCode = '', page = '', filledPage = '' } = begunIn(state, name) ?? {};
      return {
        type: 'choice',
        name: 'device-code',
        title: userCode === '' ? 'Sign in on this page' : `Your code: ${userCode}`,
        lines: [page, 'Accept there; then this goes on by itself.'],
        link: filledPage,
        choices: [
          { value: 'open', label: 'Open the page', note: null, opensLink: true },
          { value: 'paste', label: 'Paste a token instead', note: null },
        ],
      };
    },
    answer: (state, reply) => {
      if (reply.type === 'choice')
        return reply.value === 'paste'
          ? { ...state, access: { ...state.access, [name]: { way: 'paste' } } }
          : state;
      const { brought } = factsIn(state, name);
      if (reply.type !== 'accept' || brought === undefined || 'problem' in brought) return state;
      const entered: Answers = { [name]: brought };
      return withAnswers(state, { entered, refusals: refusalsIn(state) });
    },
  };
}

/** The code, and the token that the user's consent brings. Both end with the sign-in. */
export function signInResources<S extends InterviewState>(
  name: SignInName,
  options: { session: Session; inputs: Pick<CommandInputs, 'endpoints' | 'http'> },
): Resource<S>[] {
  const wayIn = ({ access, answers }: S): SignInWay | null => {
    const way = access[name]?.way ?? 'paste';
    return way === 'paste' || way === 'ask' || answers[name] !== undefined ? null : way;
  };
  const { begun, brought } = parts[name];
  return [
    {
      id: idsOf(name).begun,
      key: (state) => (wayIn(state) === null ? null : [state.access[name]]),
      load: async (state, signal) => {
        const way = wayIn(state);
        if (way === null) return {};
        return { [begun]: await beginSignIn(options, { name, way, signal }) } as Partial<S>;
      },
    },
    {
      id: idsOf(name).brought,
      key: (state) => {
        const signIn = begunIn(state, name);
        return wayIn(state) === null || signIn === null ? null : [signIn];
      },
      load: async (state, signal) => {
        const signIn = begunIn(state, name);
        return (signIn === null ? {} : { [brought]: await signIn.finish(signal) }) as Partial<S>;
      },
    },
  ];
}
