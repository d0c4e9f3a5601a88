import type { Choice } from '../model/question.ts';

/** The choices whose label or note contains every word of `text`, ignoring case. */
export function filterChoices(choices: readonly Choice[], text: string): readonly Choice[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ label, note }) => {
    const text = `${label} ${note ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
