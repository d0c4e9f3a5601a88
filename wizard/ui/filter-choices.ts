import type { Choice } from '../model/question.ts';

/** The choices whose label or note holds every word of what was typed, in any case. */
export function filterChoices(choices: readonly Choice[], text: string): readonly Choice[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ label, note }) => {
    const said = `${label} ${note ?? ''}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
