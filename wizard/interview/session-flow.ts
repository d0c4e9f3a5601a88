import type { AnswerName } from '../model/answers.ts';
import type { Phase } from '../model/display/outline.ts';
import type { Session } from '../model/runtime.ts';
import { parsePaste } from '../paste/parse-paste.ts';
import type { Flow, FlowQuestion } from './flow.ts';
import { inputMissing, missingAnswer } from './input-missing.ts';
import {
  answersInPaste,
  interviewHistory,
  refusedCredentials,
  withAnswers,
  type InterviewState,
  type RefusalsIn,
} from './interview-state.ts';
import { outlineOf, type OutlineParts } from './outline.ts';
import { reportPaste, reportUselessPaste } from './report-paste.ts';

/** Puts each prompt to the user; a question waits as long as the run itself. */
export function askUser<S>({ renderer }: Pick<Session, 'renderer'>): Flow<S>['ask'] {
  return ({ prompt, signal }) => renderer.ask(prompt, { signal });
}

type SessionFlowOptions<S> = {
  questions: readonly FlowQuestion<S>[];
  /** Without it the screen shows no checklist. */
  outline?: OutlineParts<S>;
  refusalsIn?: RefusalsIn<S>;
};

/** What every flow that collects answers has in common. */
export function sessionFlow<S extends InterviewState>(
  session: Session,
  options: SessionFlowOptions<S>,
): Pick<Flow<S>, 'questions' | 'ask' | 'signal' | 'history' | 'onAnswer' | 'onMove'> {
  const { refusalsIn = refusedCredentials } = options;
  const questions = options.questions.map((question) => takingPaste(question, refusalsIn));
  const ask = askUser<S>(session);
  const refuse = refuseToAsk(session, questions);
  return {
    questions,
    ask: (request) => (request.state.isInteractive ? ask(request) : refuse(request)),
    signal: session.runtime.signal,
    history: interviewHistory(refusalsIn),
    onAnswer: (before, after) => {
      if (after.paste === null || after.paste === before.paste) return;
      // Nothing was entered, and nothing refused.
      if (after.asked === before.asked && after.answers === before.answers) reportUselessPaste(session);
      else reportPaste(session, after.paste);
    },
    onMove: showProgress(session, { ...options, questions }),
  };
}

/** Keeps the screen's outline up to date; a wait belongs to the phase of the question before it. */
function showProgress<S extends InterviewState>(
  { renderer }: Session,
  { questions, outline }: SessionFlowOptions<S>,
): NonNullable<Flow<S>['onMove']> {
  let phase: Phase = questions[0]?.phase ?? 'keys';
  return (state, question) => {
    phase = question?.phase ?? phase;
    if (outline !== undefined) renderer.showOutline?.(outlineOf(outline, { state, questions, phase }));
  };
}

/** A choice takes a paste of several values too, such as a whole `.env`; the same question is then asked again. */
function takingPaste<S extends InterviewState>(
  question: FlowQuestion<S>,
  refusalsIn: RefusalsIn<S>,
): FlowQuestion<S> {
  return {
    ...question,
    prompt: (state) => {
      const prompt = question.prompt(state);
      return prompt.type === 'choice' ? { takesPaste: true, ...prompt } : prompt;
    },
    answer: (state, reply) => {
      const prompt = question.prompt(state);
      if (reply.type !== 'value' || prompt.type !== 'choice' || prompt.takesPaste !== undefined)
        return question.answer(state, reply);
      const paste = parsePaste({ raw: reply.raw, expected: 'HF_TOKEN' });
      const entered = answersInPaste(paste);
      const next =
        Object.keys(entered).length === 0
          ? state
          : withAnswers(state, { entered, refusals: refusalsIn(state) });
      return { ...next, paste };
    },
  };
}

/** Where no one can be asked, an open question ends the run: with its own Failure, or with all that is missing. */
function refuseToAsk<S>(session: Session, questions: readonly FlowQuestion<S>[]): Flow<S>['ask'] {
  return async ({ question, state }) => {
    const failure = question.failure?.(state) ?? null;
    if (failure !== null) throw failure;
    const open = questions.filter((candidate) => candidate.isOpen(state));
    const missing = open.map(({ id }) => missingAnswer(id as AnswerName));
    throw inputMissing(session, missing);
  };
}
