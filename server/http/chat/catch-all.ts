import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpError } from '../http-error.ts';
import { methodNotAllowed, type RouteMethods } from '../not-found.ts';
import { hasForeignField, hasIdsOnly, hasQuestionField } from './question-body.ts';
import { isQuestionPath, isSessionPath } from './question-path.ts';
import { fieldsOf } from './request-fields.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/**
 * `POST` at every path that is not a route: a question is answered, a chat that opens a session gets an id, and anything
 * else gets a 404. What cannot be a question is refused before its body is read.
 */
export function createCatchAll(
  app: FastifyInstance,
  {
    routes,
    onRequest,
    answer,
    notAQuestion,
  }: {
    routes: RouteMethods;
    onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
    answer: Handler;
    notAQuestion: () => HttpError;
  },
): void {
  app.post('/*', {
    onRequest: (request, reply, done) => {
      const methods = methodNotAllowed(routes, request, reply);
      if (methods !== null) throw methods;
      const opensSession = isSessionPath(request.url);
      const isJson = isJsonType(request.headers['content-type']) || opensSession;
      if (!isQuestionPath(request.url) || !isJson) throw notAQuestion();
      // Chats name JSON here and send nothing, which Fastify refuses to parse.
      if (opensSession && hasNoBody(request)) delete request.raw.headers['content-type'];
      onRequest(request, reply, done);
    },
    handler: async (request, reply) => {
      const fields = fieldsOf(request.body);
      if (hasForeignField(fields)) throw notAQuestion();
      if (hasQuestionField(fields)) return answer(request, reply);
      if (isSessionPath(request.url) && hasIdsOnly(fields)) return openSession(reply);
      throw notAQuestion();
    },
  });
}

function hasNoBody({ headers }: FastifyRequest): boolean {
  return (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
}

function isJsonType(contentType: string | undefined): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '');
}

/** An id with no privilege, under the names that chats read: the conversation begins with its first question. */
function openSession(reply: FastifyReply): FastifyReply {
  const id = randomUUID();
  return reply.send({
    id,
    session_id: id,
    sessionId: id,
    thread_id: id,
    token: id,
    created_at: new Date().toISOString(),
  });
}
