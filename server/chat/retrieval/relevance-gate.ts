import type { HybridSearchResult } from './hybrid-search.ts';
import type { RelevanceRule, ScoreSum } from '../settings.ts';

/**
 * True when what the retrievers found is not about the question, so that no model need be called. A retriever that did
 * not search is no reason to refuse: then the other decides alone, by a rule of its own.
 */
export function isOffTopic(
  { ranked, coverage, cosine }: Pick<HybridSearchResult, 'ranked' | 'coverage' | 'cosine'>,
  { both, coverageAlone, cosineAlone }: RelevanceRule,
): boolean {
  if (ranked.length === 0) return true;
  if (cosine === null) return (coverage ?? 0) < coverageAlone;
  if (coverage === null) return cosine < cosineAlone;
  if (both.type === 'either') return coverage < both.coverage && cosine < both.cosine;
  const isBelow = ({ coverageWeight, threshold }: ScoreSum): boolean =>
    cosine + coverageWeight * coverage < threshold;
  return isBelow(both) || (both.second !== undefined && isBelow(both.second));
}

const smallTalk =
  /^[\s\p{P}]*(?:hi|hello|hey|good (?:morning|day|evening|afternoon)|thanks?(?: you)?|thx|bye|goodbye|ok(?:ay)?|great|cool|help|who are you|what can you do|hallo|danke|hola|gracias|bonjour|merci|ciao|grazie|salam|assalam[ou] ?[oa]laikum|shukri[ay]a|namaste|你好|谢谢|こんにちは|ありがとう|안녕하세요|привет|спасибо|مرحبا|شكرا|سلام|شکریہ|नमस्ते|धन्यवाद)(?:[\s\p{P}\p{S}]+(?:there|all|so much|very much|a lot|much|you|everyone|bot))*[\s\p{P}\p{S}]*$/iu;

/** True for greetings and thanks, which are answered without searching the book. */
export function isSmallTalk(message: string): boolean {
  return message.length <= 60 && smallTalk.test(message);
}
