import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { MessageStore } from '../../chat/conversation/message-store.ts';
import type { FeedbackStore } from '../../chat/ports.ts';
import { settleWithin } from '../../chat/resilience/deadline.ts';
import { ServerFailure } from '../../failure.ts';
import { checkOrigin } from '../chat/check-origin.ts';
import { canonicalUuid, isUuid } from '../conversation/uuid.ts';
import type { OriginRule } from '../cors.ts';
import { HttpError } from '../http-error.ts';
import type { ClientAddress } from '../limits/client-address.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { logFailure } from '../log-failure.ts';
import { markPersonal } from '../personal-reply.ts';

const timeoutMs = 10_000;
/** How long an answer that is not stored yet is waited for, in milliseconds. */
const storeWaitMs = 3_000;

/** The body of `POST /api/feedback`. */
export const feedbackRequest = z.object({
  message_id: z.string().refine(isUuid).describe('The `message_id` that came with the answer.'),
  rating: z.enum(['up', 'down']),
  tag: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .nullish()
    .describe('Why, in a word: `wrong`, `incomplete`, `unclear`.'),
  note: z.string().trim().max(2_000).nullish().describe('What the reader has to say about it.'),
});

/**
 * `POST /api/feedback`: what a reader thinks of an answer. Bound to an id that only the server gives, so no reader rates the
 * answers of others; a later rating replaces an earlier one.
 */
export function feedbackRoute(
  app: FastifyInstance,
  {
    store,
    messageStore,
    rateLimits,
    clientOf,
    originRule,
  }: {
    store: FeedbackStore;
    messageStore: Pick<MessageStore, 'isPending' | 'flushed'>;
    rateLimits: Pick<RateLimits, 'checkFeedback'>;
    clientOf: (request: FastifyRequest) => ClientAddress;
    originRule: OriginRule;
  },
): void {
  const onRequest = (
    request: FastifyRequest,
    reply: Parameters<typeof markPersonal>[0],
    done: () => void,
  ): void => {
    markPersonal(reply);
    checkOrigin(request, originRule);
    done();
  };
  app.post('/api/feedback', { onRequest }, async (request, reply) => {
    rateLimits.checkFeedback(clientOf(request));
    const parsed = feedbackRequest.safeParse(request.body);
    if (!parsed.success) throw unreadable(parsed.error);
    const { message_id: id, rating, tag, note } = parsed.data;
    const messageId = canonicalUuid(id);
    if (messageStore.isPending(messageId)) await settleWithin({ ms: storeWaitMs }, messageStore.flushed());
    const feedback = { messageId, rating, tag: tag ?? null, note: note === '' ? null : (note ?? null) };
    const isStored = await store
      .storeFeedback({ feedback, signal: AbortSignal.timeout(timeoutMs) })
      .catch((error: unknown): never => {
        logFailure(request.log, error, { requestId: request.id });
        throw unavailable(error);
      });
    if (!isStored && messageStore.isPending(messageId)) throw unavailable(null);
    if (!isStored) throw unknownAnswer();
    return reply.send({ message_id: messageId, rating, status: 'stored' });
  });
}

function unreadable({ issues }: z.ZodError): HttpError {
  const field = String(issues[0]?.path[0] ?? 'body');
  return new HttpError({
    status: 422,
    code: 'request-invalid',
    message: `The feedback cannot be read: look at "${field}".`,
  });
}

function unknownAnswer(): HttpError {
  return new HttpError({ status: 404, code: 'message-unknown', message: 'There is no answer with this id.' });
}

function unavailable(error: unknown): HttpError {
  const code = error instanceof ServerFailure ? error.code : 'postgres-unreachable';
  const message = 'The feedback cannot be stored just now. Please try again in a minute.';
  return new HttpError({ status: 503, code, message, retryAfter: 30 });
}
