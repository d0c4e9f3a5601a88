import { refusalSentence } from './prompt.ts';
import { recogniseLanguage } from './recognise-language.ts';

/** By language; English stands for any other. */
const refusalByLanguage: ReadonlyMap<string, string> = new Map([
  ['ur', 'مجھے کتاب میں اس بارے میں متعلقہ معلومات نہیں ملیں۔'],
  ['fa', 'در کتاب اطلاعات مرتبطی در این باره پیدا نکردم.'],
  ['ar', 'لم أجد في الكتاب معلومات ذات صلة بهذا.'],
  ['hi', 'मुझे पुस्तक में इसके बारे में कोई संबंधित जानकारी नहीं मिली।'],
  ['ja', 'それについて、この本には関連する情報が見つかりませんでした。'],
  ['zh', '我在书中没有找到与此相关的信息。'],
  ['ko', '책에서 이에 대한 관련 정보를 찾지 못했습니다.'],
  ['uk', 'Я не знайшов у книзі відповідної інформації про це.'],
  ['ru', 'Я не нашёл в книге подходящей информации об этом.'],
  ['el', 'Δεν βρήκα σχετικές πληροφορίες στο βιβλίο γι’ αυτό.'],
  ['he', 'לא מצאתי בספר מידע רלוונטי על כך.'],
  ['th', 'ฉันไม่พบข้อมูลที่เกี่ยวข้องกับเรื่องนี้ในหนังสือ'],
  ['de', 'Dazu habe ich im Buch nichts Passendes gefunden.'],
  ['fr', "Je n'ai pas trouvé d'informations pertinentes à ce sujet dans le livre."],
  ['es', 'No encontré información relevante sobre eso en el libro.'],
  ['pt', 'Não encontrei informações relevantes sobre isso no livro.'],
  ['it', 'Non ho trovato informazioni pertinenti al riguardo nel libro.'],
  ['nl', 'Ik heb daarover geen relevante informatie in het boek gevonden.'],
  ['tr', 'Kitapta bununla ilgili bir bilgi bulamadım.'],
  ['id', 'Saya tidak menemukan informasi yang relevan tentang itu di buku ini.'],
]);

const refusals = new Set([refusalSentence, ...refusalByLanguage.values()].map(lettersOf));

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

/** The refusal sentence in the question's language, as far as a few words reveal it. */
export function localiseRefusal(question: string): string {
  return refusalByLanguage.get(recogniseLanguage(question) ?? 'en') ?? refusalSentence;
}
