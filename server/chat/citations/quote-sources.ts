import { toSource, type Passage, type Source } from '../protocol.ts';
import { citedSentence, claimsBySource } from './cited-sentence.ts';
import type { CitedTexts } from './cited-texts.ts';
import { unsupportedSources } from './claim-support.ts';

/** Cited passages first, in the order of their markers, each with the sentence that is cited; then the others. */
export function orderSources(
  passages: readonly Passage[],
  cited: readonly number[],
  answer: string,
  texts: CitedTexts,
): Source[] {
  const uncited = passages.filter((_, index) => !cited.includes(index));
  const ordered = cited.flatMap((index) => passages[index] ?? []);
  return [...quoteSources(ordered, answer, passages, texts), ...uncited.map(toSource)];
}

/** The sources of an answer that names them `[Source 1]` and so on; `retrieved` is all that it was written from. */
export function quoteSources(
  passages: readonly Passage[],
  answer: string,
  retrieved: readonly Passage[],
  texts: CitedTexts,
): Source[] {
  const claims = claimsBySource(answer);
  const unsupported = unsupportedSources(
    claims,
    passages.map(({ section }) => section),
    retrieved.map(({ section }) => section),
    texts,
  );
  return passages.map((passage, index) => {
    const quote = citedSentence(passage.section, claims.get(index + 1) ?? [], texts);
    const support = unsupported.has(index + 1) ? { supported: false as const } : {};
    return { ...toSource(passage), ...(quote === null ? {} : { quote }), ...support };
  });
}
