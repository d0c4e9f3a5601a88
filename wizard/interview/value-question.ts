import type { AnswerName, Answers } from '../model/answers.ts';
import { questions, type Prompt, type QuestionSpec } from '../model/question.ts';
import { Secret } from '../model/secret.ts';
import { parsePaste } from '../paste/parse-paste.ts';
import type { Failure } from '../model/failure.ts';
import type { AnswerReply, FlowQuestion } from './flow.ts';
import {
  answersInPaste,
  offered,
  withAnswers,
  type InterviewState,
  type RefusalsIn,
} from './interview-state.ts';

type ValueQuestionOptions<S> = {
  question: QuestionSpec;
  /** Whether the run needs it at all. */
  isNeeded(state: S): boolean;
  refusalsIn: RefusalsIn<S>;
  /** Those it is counted with: `3 of 6`. */
  room(): readonly FlowQuestion<S>[];
  after?: readonly string[];
  /** Offered where nothing was entered or found. */
  fallback?(state: S): Answers[AnswerName] | null;
  failure?(state: S): Failure | null;
};

/** A question that is answered by a value, typed or pasted; open until it has an answer that was not refused. */
export function valueQuestion<S extends InterviewState>(options: ValueQuestionOptions<S>): FlowQuestion<S> {
  const { question, isNeeded, refusalsIn, room, after = [], fallback, failure } = options;
  const { name } = question;
  const refusalIn = (state: S) => refusalsIn(state)[name];
  const defaultIn = (state: S) => {
    const refusal = refusalIn(state);
    const proposal = offered(state, name, refusal);
    return proposal ?? (refusal === undefined ? (fallback?.(state) ?? null) : null);
  };
  return {
    id: name,
    after,
    isOpen: (state) =>
      isNeeded(state) && (state.answers[name] === undefined || refusalIn(state) !== undefined),
    prompt: (state) => {
      const proposal = defaultIn(state);
      return {
        type: 'value',
        question,
        place: progress(state, { name, room: room() }),
        problem: state.problems[name] ?? problemOf(refusalIn(state)),
        proposal:
          proposal === null ? null : { shown: shownValue(name, proposal.value), source: proposal.source },
      };
    },
    answer: (state, reply) => answerValue(state, { name, reply, proposal: defaultIn(state), refusalsIn }),
    ...(failure !== undefined && { failure }),
  };
}

function problemOf(refusal: { message: string; remedy: string } | undefined) {
  return refusal === undefined ? null : { message: refusal.message, remedy: refusal.remedy };
}

/** Several values may come in one paste: each goes to its own question. */
function answerValue<S extends InterviewState>(
  state: S,
  options: {
    name: AnswerName;
    reply: AnswerReply;
    proposal: Answers[AnswerName] | null;
    refusalsIn: RefusalsIn<S>;
  },
): S {
  const { name, reply, proposal, refusalsIn } = options;
  const refusals = refusalsIn(state);
  // A copy: a check that failed is repeated for it.
  if (reply.type === 'accept' && proposal != null)
    return withAnswers(state, { entered: { [name]: { ...proposal } }, refusals });
  if (reply.type !== 'value') return state;
  const paste = parsePaste({ raw: reply.raw, expected: name });
  const next = withAnswers(state, { entered: answersInPaste(paste), refusals });
  const problems = paste.problem === null ? next.problems : { ...next.problems, [name]: paste.problem };
  return { ...next, problems, paste };
}

/** `3 of 4`, of the questions that are put to the user. */
export function progress<S extends InterviewState>(
  state: S,
  { name, room }: { name: AnswerName; room: readonly FlowQuestion<S>[] },
): Extract<Prompt, { type: 'value' }>['place'] {
  const counted = room.filter(
    (question) => question.isOpen(state) || state.asked.includes(question.id as AnswerName),
  );
  return { index: counted.findIndex(({ id }) => id === name) + 1, total: counted.length };
}

/** What the user may see of a value: all of it, of a key its end. */
export function shownValue(name: AnswerName, value: Secret | string): string {
  if (!(value instanceof Secret)) return value;
  const isPublic = questions.some((question) => question.name === name && !question.masked);
  // An address is no secret to its owner; one with a password in it is.
  return isPublic && !value.reveal().includes('@') ? value.reveal() : `••••••${value.lastFour}`;
}

export function questionNamed(name: AnswerName): QuestionSpec {
  const question = questions.find((candidate) => candidate.name === name);
  if (question === undefined) throw new Error(`There is no question ${name}.`);
  return question;
}
