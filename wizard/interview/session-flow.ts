import type { Session } from '../model/runtime.ts';
import type { Flow, FlowQuestion } from './flow.ts';
import { inputMissing, missingAnswer } from './input-missing.ts';
import {
  interviewHistory,
  refusedCredentials,
  type InterviewState,
  type RefusalsIn,
} from './interview-state.ts';
import { reportPaste } from './report-paste.ts';
import type { AnswerName } from '../model/answers.ts';

/** Puts each prompt to the user; a question waits as long as the run itself. */
export function askUser<S>({ renderer, runtime }: Pick<Session, 'renderer' | 'runtime'>): Flow<S>['ask'] {
  return ({ prompt }) => renderer.ask(prompt, { signal: runtime.signal });
}

/** What every flow that collects answers has in common. */
export function sessionFlow<S extends InterviewState>(
  session: Session,
  options: { questions: readonly FlowQuestion<S>[]; refusalsIn?: RefusalsIn<S> },
): Pick<Flow<S>, 'questions' | 'ask' | 'signal' | 'history' | 'onAnswer'> {
  const { questions, refusalsIn = refusedCredentials } = options;
  const ask = askUser<S>(session);
  const refuse = refuseToAsk(session, questions);
  return {
    questions,
    ask: (request) => (request.state.isInteractive ? ask(request) : refuse(request)),
    signal: session.runtime.signal,
    history: interviewHistory(refusalsIn),
    onAnswer: (before, after) => {
      if (after.paste !== null && after.paste !== before.paste) reportPaste(session, after.paste);
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
