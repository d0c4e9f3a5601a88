import { tokenise } from '../../collection/tokenise.ts';
import type { History } from '../history.ts';
import type { HistoryEntry } from '../protocol.ts';

const backReference =
  /\b(?:it|its|this|that|these|those|they|them|he|she|one|ones|former|latter|above|first|second|third|last|other|another|same|also|more|example|else)\b|^(?:and|but|so|what about|how about|why)\b/i;

/** True for a question that can hardly be searched without knowing what was said before it. */
function isFollowUp(message: string): boolean {
  const own = new Set(tokenise(message)).size;
  return own <= 2 || (own <= 6 && backReference.test(message));
}

/**
 * What to search for: a question that refers to what was said before is searched together with the reader's
 * last question, without asking a model what it means.
 */
export function expandFollowUp({
  message,
  history,
}: {
  message: string;
  history: readonly HistoryEntry[];
}): string {
  const before = history.findLast(({ role }) => role === 'user')?.text;
  return before !== undefined && isFollowUp(message) ? `${message}\n${before}` : message;
}

/** As above. Only a question that refers back waits for a database to say what was said; others are searched at once. */
export async function resolveSearchText({
  message,
  recollection: { immediate: now, complete },
}: {
  message: string;
  recollection: History;
}): Promise<string> {
  return expandFollowUp({ message, history: isFollowUp(message) ? await complete : now });
}
