import type { MessageStore } from '../../chat/conversation/message-store.ts';
import type { CircuitBreaker } from '../../chat/resilience/circuit-breaker.ts';
import { rejectOnAbort, withDeadline } from '../../chat/resilience/deadline.ts';
import type { SessionIds } from './session-ids.ts';
import { sessionScope, strongestName, type SessionOwner } from './session-names.ts';
import { canonicalUuid, isUuid } from './uuid.ts';

const lookUpTimeoutMs = 2_500;

export type ConversationResolver = {
  messageStore: Pick<MessageStore, 'hasConversation'>;
  sessions: Pick<SessionIds, 'idOf'>;
  breaker: CircuitBreaker;
  log: (failure: unknown) => void;
};

/**
 * The conversation that a client's names mean: the one of that id if it exists, else the one that the hardest name to
 * guess stands for; null for a conversation of its own. An id is not the client's word: an unknown one is a name.
 */
export async function resolveConversation(
  { names, owner }: { names: readonly string[]; owner: SessionOwner },
  resolver: ConversationResolver,
): Promise<string | null> {
  for (const id of names.filter(isUuid).map(canonicalUuid)) {
    if (await hasConversation(id, resolver)) return id;
  }
  const name = strongestName(names);
  const scope = name === undefined ? null : sessionScope(isUuid(name) ? canonicalUuid(name) : name, owner);
  return scope === null ? null : resolver.sessions.idOf(scope);
}

/** False while the database does not answer: an id that this process has not seen is then a name like any other. */
async function hasConversation(
  conversationId: string,
  { messageStore, breaker, log }: ConversationResolver,
): Promise<boolean> {
  if (breaker.openFailure !== null) return messageStore.hasConversation({ conversationId, signal: null });
  const limits = { ms: lookUpTimeoutMs, service: 'postgres' };
  const lookUp = (): Promise<boolean> =>
    withDeadline(limits, (signal) =>
      rejectOnAbort(messageStore.hasConversation({ conversationId, signal }), signal),
    );
  try {
    return await breaker.run(lookUp);
  } catch (error) {
    log(error);
    return false;
  }
}
