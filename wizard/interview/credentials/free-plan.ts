import { Failure } from '../../model/failure.ts';
import type { FreePlanAlternatives } from '../../model/credential.ts';
import type { Choice } from '../../model/question.ts';
import type { FlowQuestion, QuestionPrompt } from '../flow.ts';
import { withoutAnswer, type InterviewState } from '../interview-state.ts';
import { worstVerdict } from './live-checks.ts';

const upgradePage = 'https://huggingface.co/pro';
/** So that the screen stays whole in a small window. */
const mostSpaces = 3;

/** The other place where the same server runs. */
export const onVercel: Choice = {
  value: 'vercel',
  label: 'Run the server on Vercel',
  note: 'free for a book that earns nothing',
};

/** The ways on for an owner whose plan makes no Docker Spaces. */
export function freePlanScreen(
  alternatives: FreePlanAlternatives,
  { space, offersVercel }: { space: string | null; offersVercel: boolean },
): Extract<QuestionPrompt, { type: 'choice' }> {
  const { adoptable, hidden, owners } = alternatives;
  const name = space?.split('/').at(-1);
  return {
    type: 'choice',
    name: 'free-plan',
    title: 'How to go on without a paid plan?',
    lines: hidden
      .slice(0, mostSpaces)
      .map((id) => `${id} is private: readers could not reach it. Make it public to reuse it.`),
    choices: [
      ...adoptable.slice(0, mostSpaces).map((id): Choice => {
        return {
          value: `space ${id}`,
          label: `Reuse ${id}`,
          note: 'the plan names what is overwritten; the rest stays',
        };
      }),
      ...owners.map((owner): Choice => {
        const label = `Create it under ${owner}`;
        return { value: name === undefined ? 'again' : `space ${owner}/${name}`, label, note: 'has a plan' };
      }),
      ...(offersVercel ? [onVercel] : []),
      { value: 'token', label: 'Another token', note: 'of an organisation with a plan, say' },
      { value: 'again', label: 'I upgraded, check again', note: upgradePage.replace('https://', '') },
      {
        value: 'elsewhere',
        label: 'Host the server elsewhere',
        note: 'export it, then go on with --api-url',
      },
    ],
  };
}

/** Open while the account's plan makes no Docker Spaces. The check above has reported why. */
export function freePlanQuestion<S extends InterviewState>({
  offersVercel,
}: {
  offersVercel: boolean;
}): FlowQuestion<S> {
  const alternativesIn = ({ huggingface: probe }: S): FreePlanAlternatives | null =>
    probe === undefined || probe.verdict === 'accepted' ? null : (probe.alternatives ?? null);
  return {
    id: 'free-plan',
    after: ['huggingface'],
    isRevisited: false,
    isOpen: (state) => alternativesIn(state) !== null,
    prompt: (state) => {
      const alternatives = alternativesIn(state) ?? { adoptable: [], hidden: [], owners: [] };
      return freePlanScreen(alternatives, { space: state.answers.HF_SPACE?.value ?? null, offersVercel });
    },
    answer: (state, reply) => {
      if (reply.type !== 'choice') return state;
      if (reply.value === 'elsewhere') throw hostedElsewhere();
      if (reply.value === 'vercel') return movedToVercel(state);
      if (reply.value === 'token') return withAnotherToken(state);
      const [, chosen] = /^space (.+)$/.exec(reply.value) ?? [];
      const space =
        chosen === undefined ? {} : { HF_SPACE: { value: chosen, source: 'chosen', cleaned: [] } };
      const huggingface = (state.retries.huggingface ?? 0) + 1;
      return {
        ...state,
        answers: { ...state.answers, ...space },
        retries: { ...state.retries, huggingface },
      };
    },
    failure: (state) => worstVerdict(state, ['huggingface']),
  };
}

/** The same run with the server on Vercel; what was entered for a Space is not used. */
export function movedToVercel<S extends InterviewState>(state: S): S {
  return { ...state, hosting: 'vercel', answers: withoutAnswer(state.answers, 'HF_SPACE') };
}

/** The token is asked for again, with the present one on offer. */
function withAnotherToken<S extends InterviewState>(state: S): S {
  const { HF_TOKEN: token, HF_SPACE: space, ...others } = state.answers;
  const probe = state.huggingface;
  const problem = probe === undefined || probe.verdict === 'accepted' ? null : probe;
  return {
    ...state,
    answers: { ...others, ...(space !== undefined && space.source !== 'chosen' && { HF_SPACE: space }) },
    given: { ...state.given, ...(token !== undefined && { HF_TOKEN: token }) },
    asked: state.asked.filter((name) => name !== 'HF_TOKEN'),
    problems:
      problem === null
        ? state.problems
        : { ...state.problems, HF_TOKEN: { message: problem.message, remedy: problem.remedy } },
  };
}

export function hostedElsewhere(): Failure {
  return new Failure({
    kind: 'rejected',
    code: 'hosted-elsewhere',
    service: 'huggingface',
    message: 'The server goes to another host; nothing was changed.',
    remedy:
      'On Vercel, free for a book that earns nothing: npx rag-space-setup --hosting vercel\n' +
      'Anywhere else, write it to a folder: npx rag-space-setup export server\n' +
      'Run it there, then index the book and wire the frontend: npx rag-space-setup --api-url ADDRESS',
  });
}
