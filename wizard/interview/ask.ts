import { parsePaste, type ParsedPaste } from '../paste/parse-paste.ts';
import {
  isSecretAnswer,
  type AnswerName,
  type Answers,
  type Answer,
  type PlainAnswer,
  type SecretAnswer,
} from '../model/answers.ts';
import { questions, type Problem, type Prompt, type Question, type Reply } from '../model/question.ts';
import { Secret } from '../model/secret.ts';
import type { Session } from '../model/runtime.ts';

/** What an interactive run knows so far. A value taken back becomes a proposal, so nothing typed is lost. */
export type Interview = {
  answers: Answers;
  proposals: Answers;
  problems: Map<AnswerName, Problem>;
  /** Questions that a person answered, in order: what Esc takes back. */
  asked: AnswerName[];
  /** Whether Esc at the first question leads somewhere. */
  canLeave: boolean;
};

/** Whether Esc leads anywhere from where the interview is. */
export function canGoBack({ asked, canLeave }: Interview): boolean {
  return canLeave || asked.length > 0;
}

export function giveAnswer(answers: Answers, name: AnswerName, given: Answer<string>): void {
  if (isSecretAnswer(name)) answers[name] = { ...given, value: new Secret(given.value) };
  else answers[name] = given;
}

/** Moves an answer to the proposals. */
export function takeBack(interview: Interview, name: AnswerName): void {
  const { answers, proposals } = interview;
  if (isSecretAnswer(name)) moveSecret(name);
  else movePlain(name);

  function moveSecret(key: SecretAnswer): void {
    const given = answers[key];
    if (given !== undefined) proposals[key] = given;
    delete answers[key];
  }
  function movePlain(key: PlainAnswer): void {
    const given = answers[key];
    if (given !== undefined) proposals[key] = given;
    delete answers[key];
  }
}

/** Takes an answer away that was refused. What was proposed stays on offer, unless that was refused itself. */
export function refuse(interview: Interview, name: AnswerName, problem: Problem): void {
  const { answers, proposals, problems } = interview;
  if (answers[name] === proposals[name]) delete proposals[name];
  delete answers[name];
  interview.asked = interview.asked.filter((one) => one !== name);
  problems.set(name, problem);
}

/** What a person may see of a value: all of it, of a key its end. */
export function shownValue(name: AnswerName, value: Secret | string): string {
  if (!(value instanceof Secret)) return value;
  const isOpen = questions.some((one) => one.name === name && !one.masked);
  // An address is no secret to its owner; one with a password in it is.
  return isOpen && !value.reveal().includes('@') ? value.reveal() : `••••••${value.lastFour}`;
}

/** `3 of 4`, of the questions that are put to the person. */
export function placeOf(
  interview: Interview,
  question: Question,
  room: readonly Question[],
): { index: number; total: number } {
  const asked = room.filter(
    ({ name }) => interview.answers[name] === undefined || interview.asked.includes(name),
  );
  return { index: asked.indexOf(question) + 1, total: asked.length };
}

/** The prompt of a question that is answered by a value. */
export function valuePrompt(interview: Interview, question: Question, room: readonly Question[]): Prompt {
  const given = interview.proposals[question.name];
  return {
    type: 'value',
    question,
    place: placeOf(interview, question, room),
    problem: interview.problems.get(question.name) ?? null,
    proposal:
      given === undefined ? null : { shown: shownValue(question.name, given.value), source: given.source },
    canGoBack: canGoBack(interview),
  };
}

/** Puts a reply's values into the interview. Several values may come in one paste. */
export function takeReply(
  session: Session,
  interview: Interview,
  question: Question,
  reply: Extract<Reply, { type: 'value' | 'accept' }>,
): void {
  const { answers, proposals, problems } = interview;
  const { name } = question;
  problems.delete(name);
  if (reply.type === 'accept') {
    Object.assign(answers, { [name]: proposals[name] });
    noteAsked(interview, name);
    return;
  }
  const taken = parsePaste({ raw: reply.raw, asked: name });
  for (const [key, { value, cleaned }] of Object.entries(taken.values)) {
    giveAnswer(answers, key as AnswerName, { value, cleaned, source: 'typed' });
    noteAsked(interview, key as AnswerName);
  }
  if (taken.problem !== null) problems.set(name, taken.problem);
  sayTaken(session, taken);
}

/** Says what a paste brought, and what was cleaned of it. */
export function sayTaken(session: Session, taken: ParsedPaste): void {
  const cleaned = [...new Set(Object.values(taken.values).flatMap((one) => one.cleaned))];
  if (taken.used + taken.ignored > 1) {
    session.emit({
      type: 'notice',
      code: 'pasted',
      message: `Used ${taken.used}, ignored ${taken.ignored}${namesOf(taken.ignoredNames)}.`,
      remedy: '',
    });
  }
  if (cleaned.length > 0) {
    session.emit({ type: 'notice', code: 'cleaned', message: `Cleaned: ${cleaned.join(', ')}.`, remedy: '' });
  }
}

/** Esc takes each question back once. */
function noteAsked(interview: Interview, name: AnswerName): void {
  interview.asked = [...interview.asked.filter((one) => one !== name), name];
}

const mostNames = 6;

function namesOf(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `: ${names.slice(0, mostNames).join(', ')}${names.length > mostNames ? ', …' : ''}`;
}
