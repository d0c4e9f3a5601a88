import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { spanish } from './spanish.ts';

/** By the language of a locale: `es-MX` is Spanish. */
const byLanguage = new Map([
  ['de', german],
  ['en', english],
  ['es', spanish],
  ['fr', french],
]);

/** About forty questions in the language of a locale that hardly any book answers; in English for an unknown language. */
export function offTopicQuestions(locale: string): string[] {
  const language = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  return (byLanguage.get(language) ?? english).trim().split('\n');
}
