import type { ShownEdition } from '../protocol.ts';

/** `%` is the edition: `2.x`, `français` or `2.x, français`. */
const notes: ReadonlyMap<string, string> = new Map([
  ['en', 'This is from %: what you are reading says nothing about it.'],
  ['de', 'Das stammt aus %: Was Sie gerade lesen, sagt dazu nichts.'],
  ['fr', 'Ceci vient de % : ce que vous lisez n’en dit rien.'],
  ['es', 'Esto es de %: lo que está leyendo no dice nada al respecto.'],
  ['pt', 'Isto é de %: o que está a ler não diz nada sobre isso.'],
  ['it', 'Questo viene da %: ciò che sta leggendo non ne dice nulla.'],
  ['nl', 'Dit komt uit %: wat u leest, zegt er niets over.'],
  ['ru', 'Это из %: в том, что вы читаете, об этом ничего нет.'],
  ['zh', '以上内容来自 %：您正在阅读的版本没有提到。'],
  ['ja', 'これは % の内容です。お読みのページには記載がありません。'],
  ['ko', '이 내용은 %에서 가져왔습니다. 읽고 계신 판에는 없습니다.'],
]);

/** Says where an answer is from that its reader's edition does not have; in the language of the question, else in English. */
export function editionNote({
  from,
  reader,
  language,
}: {
  from: ShownEdition;
  reader: ShownEdition;
  language: string | null;
}): string {
  const code = language !== null && notes.has(language) ? language : 'en';
  const parts = [
    ...(from.version === reader.version ? [] : [from.version]),
    ...(from.locale === reader.locale ? [] : [languageName(from.locale)]),
  ];
  return (notes.get(code) ?? '%').replace('%', () => parts.join(', '));
}

/** A language in its own name; its tag where that is not known. */
function languageName(locale: string): string {
  try {
    const tag = locale.replaceAll('_', '-');
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? locale;
  } catch {
    return locale;
  }
}
