import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { MessageStore } from '../../chat/conversation/message-store.ts';
import type { StoredMessage } from '../../chat/protocol.ts';
import { ServerFailure } from '../../failure.ts';
import { HttpError } from '../http-error.ts';
import type { ClientAddress } from '../limits/client-address.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { logFailure } from '../log-failure.ts';
import { markPersonal } from '../personal-reply.ts';
import { isSessionId } from './session-ids.ts';
import { canonicalUuid, isUuid } from './uuid.ts';

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
    clientOf,
  }: {
    messageStore: Pick<MessageStore, 'messages'>;
    rateLimits: Pick<RateLimits, 'checkRead'>;
    clientOf: (request: FastifyRequest) => ClientAddress;
  },
): void {
  app.get<{ Params: { id: string } }>('/api/conversation/:id', async (request, reply) => {
    markPersonal(reply);
    rateLimits.checkRead(clientOf(request));
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
