/** A language is recognised by its script, or by common words that similar languages lack. */
const languages: readonly { code: string; script?: RegExp; words?: string }[] = [
  { code: 'ur', script: /[ٹڈڑںےہھ]/ },
  { code: 'fa', script: /[گچپژکی]/ },
  { code: 'ar', script: /\p{Script=Arabic}/u },
  { code: 'hi', script: /\p{Script=Devanagari}/u },
  { code: 'ja', script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u },
  { code: 'zh', script: /\p{Script=Han}/u },
  { code: 'ko', script: /\p{Script=Hangul}/u },
  { code: 'uk', script: /[іїєґ]/i },
  { code: 'ru', script: /\p{Script=Cyrillic}/u },
  { code: 'el', script: /\p{Script=Greek}/u },
  { code: 'he', script: /\p{Script=Hebrew}/u },
  { code: 'th', script: /\p{Script=Thai}/u },
  { code: 'de', words: 'der die das ist und wie was ein eine nicht kann ich wird wo welche für auf' },
  { code: 'fr', words: 'le la les est et comment que qui une des dans pour quelle quel sont où pourquoi du' },
  { code: 'es', words: 'el los las es cómo como qué que una para por cuál dónde del son puedo y' },
  { code: 'pt', words: 'o os as é como que uma para por qual onde do da são não você em' },
  { code: 'it', words: 'il lo gli è come che una per quale dove del sono non cosa di si perché' },
  { code: 'nl', words: 'de het een is hoe wat waar welke van voor niet kan ik zijn en' },
  { code: 'tr', words: 'bir ve nasıl nedir ne için bu mi mı nerede hangi ile' },
  { code: 'id', words: 'yang apa bagaimana dan di untuk ini itu dengan adalah mana tidak' },
];

const wordsByLanguage = new Map([
  ['en', wordSet('the is are how what a an of to in for do does i can which where when why who and it this')],
  ...languages.flatMap(({ code, words }) => (words === undefined ? [] : [[code, wordSet(words)] as const])),
]);

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

/** Whether texts in this language are recognised. */
export function isRecognised(code: string): boolean {
  return code === 'en' || languages.some((language) => language.code === code);
}

/** Characters of a text that reveal its language. */
const maxRead = 1_000;

/** The language of a text as ISO 639-1, as far as a few words reveal it; null where they do not. */
export function recogniseLanguage(text: string): string | null {
  const byScript = languages.find(({ script }) => script?.test(text) === true);
  if (byScript !== undefined) return byScript.code;
  const textWords =
    text
      .slice(0, maxRead)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  let best: { code: string | null; hits: number } = { code: null, hits: 0 };
  for (const [code, words] of wordsByLanguage) {
    const hits = textWords.filter((word) => words.has(word)).length;
    if (hits > best.hits) best = { code, hits };
  }
  return best.code;
}
