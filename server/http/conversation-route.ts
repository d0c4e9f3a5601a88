import type { FastifyInstance } from 'fastify';
import type { MessageStore } from '../chat/conversation/message-store.ts';
import type { StoredMessage } from '../chat/ports.ts';
import { ServerFailure } from '../failure.ts';
import { canonicalUuid, isUuid } from './chat/chat-request.ts';
import { isSessionId } from './chat/session-ids.ts';
import { HttpError } from './http-error.ts';
import { logFailure } from './log-failure.ts';
import type { RateLimits } from './rate-limits.ts';

const timeoutMs = 10_000;

/**
 * `GET /api/conversation/{id}`: a conversation's messages; an empty list for an unknown one, and for one whose id was
 * derived from a session's name, which could be guessed.
 */
export function conversationRoute(
  app: FastifyInstance,
  {
    messageStore,
    rateLimits,
  }: { messageStore: Pick<MessageStore, 'messages'>; rateLimits: Pick<RateLimits, 'checkRead'> },
): void {
  app.get<{ Params: { id: string } }>('/api/conversation/:id', async (request) => {
    rateLimits.checkRead({ address: request.ip });
    const { id } = request.params;
    if (!isUuid(id))
      throw new HttpError({
        status: 422,
        code: 'request-invalid',
        message: 'The conversation id must be a UUID.',
      });
    const conversationId = canonicalUuid(id);
    if (isSessionId(conversationId)) return { conversation_id: conversationId, messages: [] };
    const messages = await messageStore
      .messages({ conversationId, signal: AbortSignal.timeout(timeoutMs) })
      .catch((error: unknown): never => {
        logFailure(request.log, error, { requestId: request.id });
        const message = 'The conversation cannot be read just now. Please try again in a minute.';
        const code = error instanceof ServerFailure ? error.code : 'postgres-unreachable';
        throw new HttpError({ status: 503, code, message, retryAfter: 30 });
      });
    return { conversation_id: conversationId, messages: messages.map(wireMessage) };
  });
}

function wireMessage({ id, role, content, sources, createdAt }: StoredMessage): Record<string, unknown> {
  return { id, role, content, sources, created_at: createdAt };
}
