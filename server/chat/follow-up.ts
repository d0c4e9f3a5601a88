import { terms } from '../index/terms.ts';
import type { HistoryEntry } from './protocol.ts';

const refers =
  /\b(?:it|its|this|that|these|those|they|them|he|she|one|ones|former|latter|above|first|second|third|last|other|another|same|also|more|example|else)\b|^(?:and|but|so|what about|how about|why)\b/i;

/**
 * What to search for: a question that refers to what was said before is searched together with the reader's
 * last question, without asking a model what it means.
 */
export function searchText({
  message,
  history,
}: {
  message: string;
  history: readonly HistoryEntry[];
}): string {
  const before = history.findLast(({ role }) => role === 'user')?.text;
  if (before === undefined) return message;
  const own = new Set(terms(message)).size;
  return own <= 2 || (own <= 6 && refers.test(message)) ? `${message}\n${before}` : message;
}
