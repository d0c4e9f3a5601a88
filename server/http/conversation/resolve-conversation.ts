import type { MessageStore } from '../../chat/conversation/message-store.ts';
import type { StoredMessage } from '../../chat/protocol.ts';
import type { CircuitBreaker } from '../../chat/resilience/circuit-breaker.ts';
import { rejectOnAbort, withDeadline } from '../../chat/resilience/deadline.ts';
import type { SessionIds } from './session-ids.ts';
import { sessionScope, strongestName, type SessionOwner } from './session-names.ts';
import { canonicalUuid, isUuid } from './uuid.ts';

const lookUpTimeoutMs = 2_500;

export type ConversationResolver = {
  messageStore: Pick<MessageStore, 'isKnown' | 'stored'>;
  sessions: Pick<SessionIds, 'idOf'>;
  breaker: CircuitBreaker;
  /** Messages of a conversation that a question needs at most. */
  historyLength: number;
  /** Called before the database is asked. */
  onLookUp: () => void;
  log: (failure: unknown) => void;
};

export type ResolvedConversation = {
  /** Null for a conversation of its own. */
  conversationId: string | null;
  /** Its newest messages; null where the database was not asked, or did not answer. */
  stored: readonly StoredMessage[] | null;
};

/**
 * The conversation that a client's names mean: the one of that id if it exists, else the one that the hardest name to
 * guess stands for. An id is not the client's word: an unknown one is a name. Its messages come with the look-up, since
 * a database that has to wake takes long for each.
 */
export async function resolveConversation(
  { names, owner }: { names: readonly string[]; owner: SessionOwner },
  resolver: ConversationResolver,
): Promise<ResolvedConversation> {
  const ids = names.filter(isUuid).map(canonicalUuid);
  const knownId = ids.find((id) => resolver.messageStore.isKnown(id));
  if (knownId !== undefined) return { conversationId: knownId, stored: null };
  const name = strongestName(names);
  const scope = name === undefined ? null : sessionScope(isUuid(name) ? canonicalUuid(name) : name, owner);
  const ownId = scope === null ? null : await resolver.sessions.idOf(scope);
  if (ids.length === 0) return { conversationId: ownId, stored: null };
  const conversations = await lookUp([...ids, ...(ownId === null ? [] : [ownId])], resolver);
  const conversationId = ids.find((id) => conversations?.has(id)) ?? ownId;
  const isAnswered = conversationId !== null && conversations !== null;
  return { conversationId, stored: isAnswered ? (conversations.get(conversationId) ?? []) : null };
}

/** Null while the database does not answer: an id that this process has not seen is then a name like any other. */
async function lookUp(
  conversationIds: readonly string[],
  { messageStore, breaker, historyLength: last, onLookUp, log }: ConversationResolver,
): Promise<Map<string, StoredMessage[]> | null> {
  if (breaker.openFailure !== null) return null;
  onLookUp();
  const limits = { ms: lookUpTimeoutMs, service: 'postgres' };
  try {
    return await breaker.run(() =>
      withDeadline(limits, (signal) =>
        rejectOnAbort(messageStore.stored({ conversationIds, last, signal }), signal),
      ),
    );
  } catch (error) {
    log(error);
    return null;
  }
}
