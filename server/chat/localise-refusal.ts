import { refusalSentence } from './prompt.ts';

type Language = { code: string; refusal: string; script?: RegExp; words?: string };

/** A language is recognised by its script, or by common words that similar languages lack; else English is assumed. */
const languages: readonly Language[] = [
  { code: 'ur', refusal: 'مجھے کتاب میں اس بارے میں متعلقہ معلومات نہیں ملیں۔', script: /[ٹڈڑںےہھ]/ },
  { code: 'fa', refusal: 'در کتاب اطلاعات مرتبطی در این باره پیدا نکردم.', script: /[گچپژکی]/ },
  { code: 'ar', refusal: 'لم أجد في الكتاب معلومات ذات صلة بهذا.', script: /\p{Script=Arabic}/u },
  {
    code: 'hi',
    refusal: 'मुझे पुस्तक में इसके बारे में कोई संबंधित जानकारी नहीं मिली।',
    script: /\p{Script=Devanagari}/u,
  },
  {
    code: 'ja',
    refusal: 'それについて、この本には関連する情報が見つかりませんでした。',
    script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  },
  { code: 'zh', refusal: '我在书中没有找到与此相关的信息。', script: /\p{Script=Han}/u },
  { code: 'ko', refusal: '책에서 이에 대한 관련 정보를 찾지 못했습니다.', script: /\p{Script=Hangul}/u },
  { code: 'uk', refusal: 'Я не знайшов у книзі відповідної інформації про це.', script: /[іїєґ]/i },
  {
    code: 'ru',
    refusal: 'Я не нашёл в книге подходящей информации об этом.',
    script: /\p{Script=Cyrillic}/u,
  },
  { code: 'el', refusal: 'Δεν βρήκα σχετικές πληροφορίες στο βιβλίο γι’ αυτό.', script: /\p{Script=Greek}/u },
  { code: 'he', refusal: 'לא מצאתי בספר מידע רלוונטי על כך.', script: /\p{Script=Hebrew}/u },
  { code: 'th', refusal: 'ฉันไม่พบข้อมูลที่เกี่ยวข้องกับเรื่องนี้ในหนังสือ', script: /\p{Script=Thai}/u },
  {
    code: 'de',
    refusal: 'Dazu habe ich im Buch nichts Passendes gefunden.',
    words: 'der die das ist und wie was ein eine nicht kann ich wird wo welche für auf',
  },
  {
    code: 'fr',
    refusal: "Je n'ai pas trouvé d'informations pertinentes à ce sujet dans le livre.",
    words: 'le la les est et comment que qui une des dans pour quelle quel sont où pourquoi du',
  },
  {
    code: 'es',
    refusal: 'No encontré información relevante sobre eso en el libro.',
    words: 'el los las es cómo como qué que una para por cuál dónde del son puedo y',
  },
  {
    code: 'pt',
    refusal: 'Não encontrei informações relevantes sobre isso no livro.',
    words: 'o os as é como que uma para por qual onde do da são não você em',
  },
  {
    code: 'it',
    refusal: 'Non ho trovato informazioni pertinenti al riguardo nel libro.',
    words: 'il lo gli è come che una per quale dove del sono non cosa di si perché',
  },
  {
    code: 'nl',
    refusal: 'Ik heb daarover geen relevante informatie in het boek gevonden.',
    words: 'de het een is hoe wat waar welke van voor niet kan ik zijn en',
  },
  {
    code: 'tr',
    refusal: 'Kitapta bununla ilgili bir bilgi bulamadım.',
    words: 'bir ve nasıl nedir ne için bu mi mı nerede hangi ile',
  },
  {
    code: 'id',
    refusal: 'Saya tidak menemukan informasi yang relevan tentang itu di buku ini.',
    words: 'yang apa bagaimana dan di untuk ini itu dengan adalah mana tidak',
  },
];

const englishWords = new Set(
  'the is are how what a an of to in for do does i can which where when why who and it this'.split(' '),
);
const wordsByLanguage = new Map(
  languages.flatMap(({ code, words }) => (words === undefined ? [] : [[code, new Set(words.split(' '))]])),
);

const refusals = new Set([refusalSentence, ...languages.map(({ refusal }) => refusal)].map(lettersOf));

/** No refusal, punctuation included, has as many characters. */
const maxRefusal = 500;

/** Whether an answer is a refusal sentence and nothing else, whatever its punctuation. */
export function isRefusal(answer: string): boolean {
  return answer.length <= maxRefusal && refusals.has(lettersOf(answer));
}

function lettersOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Characters of a question that reveal its language. */
const maxRead = 1_000;

/** The refusal sentence in the question's language, as far as a few words reveal it. */
export function localiseRefusal(question: string): string {
  const byScript = languages.find(({ script }) => script?.test(question) === true);
  if (byScript !== undefined) return byScript.refusal;
  const questionWords =
    question
      .slice(0, maxRead)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const count = (words: ReadonlySet<string>): number =>
    questionWords.filter((word) => words.has(word)).length;
  let best = { code: 'en', hits: count(englishWords) };
  for (const [code, words] of wordsByLanguage) {
    const hits = count(words);
    if (hits > best.hits) best = { code, hits };
  }
  return languages.find(({ code }) => code === best.code)?.refusal ?? refusalSentence;
}
