import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerQuestion, type ChatParts } from '../chat/answer.ts';
import type { ChatEvent, Source } from '../chat/protocol.ts';
import { sourceText } from '../chat/source-text.ts';
import { parseChatRequest, requestLimits, type ChatRequest } from './chat-request.ts';
import {
  aliasPaths,
  collectAnswer,
  dialectOf,
  jsonAnswer,
  type JsonShape,
  type ResponseMode,
} from './dialects.ts';
import type { Gates } from './limits.ts';
import { logFailure } from './log-failure.ts';
import { Problem } from './problem.ts';
import type { SessionIds } from './session-ids.ts';
import { sendEvents } from './sse.ts';
import { wireEvent } from './wire.ts';

export type ChatRouteOptions = {
  parts: ChatParts;
  gates: Pick<Gates, 'question'>;
  sessions: SessionIds;
  /** Streams that may be open at once. */
  maxStreams: number;
  heartbeatMs: number;
  stallMs: number;
  aliasRoutes: boolean;
  responseMode: ResponseMode;
};

/** Answers that are being given. */
export interface OpenAnswers {
  /** Ends them all: readers are told, and what was written is kept. */
  interrupt(): void;
  /** Resolves when none is left. */
  ended(): Promise<void>;
}

/** `POST /api/chat`: the canonical stream, and JSON for the clients that ask for it. */
export function chatRoute(app: FastifyInstance, options: ChatRouteOptions): OpenAnswers {
  const whenEnded: (() => void)[] = [];
  const open = new Set<AbortController>();

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const dialect = dialectOf({
      body: request.body,
      accept: request.headers.accept,
      mode: options.responseMode,
    });
    const { body, headers } = request;
    const parsed = parseChatRequest({ body, headers, limits: requestLimits });
    const conversationId = parsed.question.conversationId ?? parsed.session;
    options.gates.question({ address: request.ip, conversationId });
    const asked = await continued(parsed, options.sessions);
    if (open.size >= options.maxStreams) throw tooManyReaders();
    const gone = new AbortController();
    open.add(gone);
    try {
      if (dialect.transport === 'json')
        return await sendJson(reply, { asked, shape: dialect.shape, options, gone });
      await sendStream(reply, { asked, options, gone });
      return reply;
    } finally {
      open.delete(gone);
      if (open.size === 0) for (const resolve of whenEnded.splice(0)) resolve();
    }
  }

  for (const path of ['/api/chat', ...(options.aliasRoutes ? aliasPaths : [])]) app.post(path, answer);
  return {
    interrupt: () => {
      for (const gone of open) gone.abort(interruption);
    },
    ended: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => whenEnded.push(resolve))),
  };
}

/** The question with the id of the session that it names. */
async function continued({ question, session }: ChatRequest, sessions: SessionIds): Promise<ChatRequest> {
  if (session === null || question.conversationId !== null) return { question, session };
  return { question: { ...question, conversationId: await sessions.idOf(session) }, session };
}

/** The reason of a signal that the closing server aborts. */
const interruption = new Error('the server is closing');

function tooManyReaders(): Problem {
  return new Problem({
    status: 503,
    code: 'server-busy',
    message: 'The assistant has too many readers just now. Please try again in a moment.',
    retryAfter: 5,
  });
}

type Asked = { asked: ChatRequest; options: ChatRouteOptions; gone: AbortController };

async function sendStream(reply: FastifyReply, { asked, options, gone }: Asked): Promise<void> {
  const { heartbeatMs, stallMs } = options;
  await sendEvents({ reply, frames: framesOf(reply, { asked, options, gone }), gone, heartbeatMs, stallMs });
}

async function* framesOf(reply: FastifyReply, { asked, options, gone }: Asked): AsyncGenerator<string> {
  const { signal } = gone;
  let conversationId = asked.question.conversationId ?? '';
  try {
    for await (const event of answerQuestion({ question: asked.question, parts: options.parts, signal })) {
      if (event.type === 'metadata') conversationId = event.conversationId;
      yield wireEvent(event, asked);
    }
  } catch (error) {
    if (reply.raw.destroyed) return;
    if (signal.reason !== interruption) logFailure(reply.log, error, 'error');
    for (const event of farewell(conversationId)) yield wireEvent(event, asked);
  }
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
  { asked, shape, options, gone }: Asked & { shape: JsonShape },
): Promise<FastifyReply> {
  reply.raw.on('close', () => gone.abort());
  const { parts } = options;
  const events = answerQuestion({ question: asked.question, parts, signal: gone.signal });
  const answer = await collectAnswer(events);
  if (answer.error !== null)
    throw new Problem({
      status: 503,
      code: answer.error.code,
      message: answer.error.message,
      retryAfter: 60,
    });
  const { model } = parts.answers;
  const textOf = (source: Source): string => sourceText(source, parts.library.holding.sections.values());
  return reply.send(jsonAnswer({ answer, shape, session: asked.session, model, now: new Date(), textOf }));
}
