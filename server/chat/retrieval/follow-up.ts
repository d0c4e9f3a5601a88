import { tokenise } from '../../collection/tokenise.ts';
import type { History } from '../conversation/history.ts';
import type { HistoryEntry } from '../protocol.ts';

const backReference =
  /\b(?:it|its|this|that|these|those|they|them|he|she|one|ones|former|latter|above|first|second|third|last|other|another|same|also|more|example|else)\b|^(?:and|but|so|what about|how about|why)\b/i;

/** True for a question that makes little sense without the previous one. */
export function isFollowUp(message: string): boolean {
  const termCount = new Set(tokenise(message)).size;
  return termCount <= 2 || (termCount <= 6 && backReference.test(message));
}

/** The text to search for: a follow-up is searched together with the user's previous question, without a model call. */
export function expandFollowUp({
  message,
  history,
}: {
  message: string;
  history: readonly HistoryEntry[];
}): string {
  const previous = history.findLast(({ role }) => role === 'user')?.text;
  return previous !== undefined && isFollowUp(message) ? `${message}\n${previous}` : message;
}

/** `expandFollowUp` that waits for the stored history only where the question needs it. */
export async function resolveSearchText({
  message,
  history: { immediate, complete },
}: {
  message: string;
  history: History;
}): Promise<string> {
  return expandFollowUp({ message, history: isFollowUp(message) ? await complete : immediate });
}
