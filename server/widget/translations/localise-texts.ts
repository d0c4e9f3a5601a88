import { englishTexts, type ChatTexts } from '../chat/texts.ts';
import { asianTexts } from './asian-texts.ts';
import { cyrillicGreekTexts } from './cyrillic-greek-texts.ts';
import { rightToLeftTexts } from './right-to-left-texts.ts';
import { westernTexts } from './western-texts.ts';

export type LocalTexts = { language: string; direction: 'ltr' | 'rtl'; texts: ChatTexts };

/** The interface in English and in every language that a refusal has. */
const translations: Record<string, ChatTexts> = {
  en: englishTexts,
  ...westernTexts,
  ...cyrillicGreekTexts,
  ...rightToLeftTexts,
  ...asianTexts,
};

/** Codes of all languages. */
export const interfaceLanguages: readonly string[] = Object.keys(translations);

/** The texts for a language tag such as `pt-BR`; English for one that has none. */
export function localiseTexts(tag: string): LocalTexts {
  const [code = ''] = tag.toLowerCase().split(/[-_]/);
  const language = Object.hasOwn(translations, code) ? code : 'en';
  return {
    language,
    direction: Object.hasOwn(rightToLeftTexts, language) ? 'rtl' : 'ltr',
    texts: translations[language] ?? englishTexts,
  };
}
