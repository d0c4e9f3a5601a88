import { Failure } from '../model/failure.ts';
import type { Prompt } from '../model/question.ts';

/** What `ask` rejects with where nobody can answer: there is no second way to prompt. */
export function nonInteractiveFailure(prompt: Prompt): Failure {
  const missing = (what: string, remedy: string): Failure =>
    new Failure({
      kind: 'input-missing',
      code: 'nobody-to-ask',
      message: `${what}, and nobody can be asked here.`,
      remedy,
    });
  switch (prompt.type) {
    case 'value': {
      const { name, flag, title } = prompt.question;
      const remedy = flag === null ? `Set ${name}.` : `Set ${name}, or give ${flag}.`;
      return missing(`${title} is missing`, remedy);
    }
    case 'choice':
      return missing(`A choice is to be made (${prompt.title})`, 'Run it in a terminal.');
    case 'confirm-plan':
      return missing('The plan is not accepted', 'Give --yes to accept it unseen.');
    case 'pause':
      return missing(`It waits (${prompt.title})`, 'Run it in a terminal.');
    default:
      return prompt satisfies never;
  }
}
