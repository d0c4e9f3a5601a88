import type { HybridSearchResult } from './hybrid-search.ts';
import type { RelevanceThresholds } from '../settings.ts';

/**
 * True when neither retriever found anything about the question, so that no model need be called. Both must agree: a
 * cosine alone is unreliable, and words alone miss a paraphrase.
 */
export function isOffTopic(
  result: Pick<HybridSearchResult, 'ranked' | 'coverage' | 'cosine'>,
  { coverage, cosine }: RelevanceThresholds,
): boolean {
  if (result.ranked.length === 0) return true;
  return (result.coverage ?? 0) < coverage && (result.cosine === null || result.cosine < cosine);
}

const smallTalk =
  /^[\s\p{P}]*(?:hi|hello|hey|good (?:morning|day|evening|afternoon)|thanks?(?: you)?|thx|bye|goodbye|ok(?:ay)?|great|cool|help|who are you|what can you do|hallo|danke|hola|gracias|bonjour|merci|ciao|grazie|salam|assalam[ou] ?[oa]laikum|shukri[ay]a|namaste|你好|谢谢|こんにちは|ありがとう|안녕하세요|привет|спасибо|مرحبا|شكرا|سلام|شکریہ|नमस्ते|धन्यवाद)(?:[\s\p{P}\p{S}]+(?:there|all|so much|very much|a lot|much|you|everyone|bot))*[\s\p{P}\p{S}]*$/iu;

/** True for greetings and thanks, which are answered without searching the book. */
export function isSmallTalk(message: string): boolean {
  return message.length <= 60 && smallTalk.test(message);
}
