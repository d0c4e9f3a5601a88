import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerQuestion, type ChatParts } from '../chat/answer.ts';
import type { ChatEvent } from '../chat/protocol.ts';
import { parseChatRequest, requestLimits, type ChatRequest } from './chat-request.ts';
import { collectAnswer, dialectOf, jsonAnswer, type JsonShape } from './dialects.ts';
import type { Gates } from './limits.ts';
import { logFailure } from './log-failure.ts';
import { Problem } from './problem.ts';
import { sendEvents } from './sse.ts';
import { wireEvent } from './wire.ts';

export type ChatRouteOptions = {
  parts: ChatParts;
  /** Aborted when the server closes: readers are told, and what was written is kept. */
  closing: AbortSignal;
  gates: Pick<Gates, 'question'>;
  /** Key of the ids that are derived from session strings. */
  sessionKey: Buffer;
  /** Streams that may be open at once. */
  maxStreams: number;
  heartbeatMs: number;
  stallMs: number;
};

/** Answers that are being given. */
export interface OpenAnswers {
  /** Resolves when none is left. */
  ended(): Promise<void>;
}

/** `POST /api/chat`: the canonical stream, and JSON for the clients that ask for it. */
export function chatRoute(app: FastifyInstance, options: ChatRouteOptions): OpenAnswers {
  let whenEnded: (() => void)[] = [];
  let open = 0;

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const dialect = dialectOf({ body: request.body, accept: request.headers.accept });
    const asked = parseChatRequest({
      body: request.body,
      headers: request.headers,
      limits: requestLimits,
      sessionKey: options.sessionKey,
    });
    options.gates.question({ address: request.ip, conversationId: asked.question.conversationId });
    if (open >= options.maxStreams)
      throw new Problem({
        status: 503,
        code: 'server-busy',
        message: 'The assistant has too many readers just now. Please try again in a moment.',
        retryAfter: 5,
      });
    open += 1;
    try {
      if (dialect.transport === 'json')
        return await sendJson(reply, { asked, shape: dialect.shape, options });
      await sendStream(reply, { asked, options });
      return reply;
    } finally {
      open -= 1;
      if (open === 0) for (const resolve of whenEnded) resolve();
      if (open === 0) whenEnded = [];
    }
  }

  app.post('/api/chat', answer);
  return {
    ended: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => whenEnded.push(resolve))),
  };
}

async function sendStream(
  reply: FastifyReply,
  { asked, options }: { asked: ChatRequest; options: ChatRouteOptions },
): Promise<void> {
  async function* frames(gone: AbortSignal): AsyncGenerator<string> {
    const signal = AbortSignal.any([gone, options.closing]);
    let conversationId = asked.question.conversationId ?? '';
    try {
      for await (const event of answerQuestion({ question: asked.question, parts: options.parts, signal })) {
        if (event.type === 'metadata') conversationId = event.conversationId;
        yield wireEvent(event, asked);
      }
    } catch (error) {
      if (gone.aborted) return;
      if (!options.closing.aborted) logFailure(reply.log, error, 'error');
      for (const event of farewell(conversationId)) yield wireEvent(event, asked);
    }
  }
  await sendEvents({ reply, open: frames, heartbeatMs: options.heartbeatMs, stallMs: options.stallMs });
}

/** The head is out, so no status can say it: the stream itself does, and ends as every stream ends. */
function farewell(conversationId: string): ChatEvent[] {
  const { code, message } = {
    code: 'server-stopping',
    message: 'The assistant is restarting. Please ask again.',
  };
  return [
    { type: 'token', content: `\n\n${message}` },
    { type: 'error', code, message },
    { type: 'done', conversationId, sources: [] },
  ];
}

async function sendJson(
  reply: FastifyReply,
  { asked, shape, options }: { asked: ChatRequest; shape: JsonShape; options: ChatRouteOptions },
): Promise<FastifyReply> {
  const gone = new AbortController();
  reply.raw.on('close', () => gone.abort());
  const events: AsyncIterable<ChatEvent> = answerQuestion({
    question: asked.question,
    parts: options.parts,
    signal: AbortSignal.any([gone.signal, options.closing]),
  });
  const answer = await collectAnswer(events);
  if (answer.error !== null)
    throw new Problem({
      status: 503,
      code: answer.error.code,
      message: answer.error.message,
      retryAfter: 60,
    });
  const { model } = options.parts.answers;
  return reply.send(jsonAnswer({ answer, shape, session: asked.session, model, now: new Date() }));
}
