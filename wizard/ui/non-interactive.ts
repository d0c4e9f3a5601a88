import { Failure } from '../model/failure.ts';
import type { Prompt } from '../model/question.ts';

/** What `ask` rejects with in a non-interactive run; there is no other way to prompt. */
export function nonInteractiveFailure(prompt: Prompt): Failure {
  const missing = (what: string, remedy: string): Failure =>
    new Failure({
      kind: 'input-missing',
      code: 'nobody-to-ask',
      message: `${what}, and this run is not interactive.`,
      remedy,
    });
  switch (prompt.type) {
    case 'value': {
      const { name, flag, title } = prompt.question;
      const remedy = flag === null ? `Set ${name}.` : `Set ${name}, or pass ${flag}.`;
      return missing(`${title} is missing`, remedy);
    }
    case 'choice':
      return missing(`A choice is needed (${prompt.title})`, 'Run it in a terminal.');
    case 'confirm-plan':
      return missing('The plan is not confirmed', 'Pass --yes to apply it without confirmation.');
    case 'pause':
      return missing(`It waits for a key (${prompt.title})`, 'Run it in a terminal.');
    default:
      return prompt satisfies never;
  }
}
