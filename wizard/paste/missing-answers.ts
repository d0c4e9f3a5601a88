import type { Answers } from '../model/answers.ts';
import type { QuestionSpec } from '../model/question.ts';

export type MissingAnswer = { name: string; flag: string | null; env: string };

/** The questions that nothing answered, with the flag and the variable that would; optional ones are left out. */
export function missingAnswers({
  answers,
  questions,
}: {
  answers: Answers;
  questions: readonly QuestionSpec[];
}): MissingAnswer[] {
  return questions
    .filter(({ name, optional }) => !optional && answers[name] === undefined)
    .map(({ name, flag }) => ({ name, flag, env: name }));
}
