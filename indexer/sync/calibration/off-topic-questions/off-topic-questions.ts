import { english } from './english.ts';

/** By the language of a locale: `pt-BR` is Portuguese. */
const byLanguage: Readonly<Record<string, string>> = { en: english };

/** About forty questions in the language of a locale that hardly any book answers; in English for an unknown language. */
export function offTopicQuestions(locale: string): string[] {
  const language = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  return (byLanguage[language] ?? english).trim().split('\n');
}
