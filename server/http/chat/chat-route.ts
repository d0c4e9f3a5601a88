import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerQuestion, type ChatDeps } from '../../chat/answer-question.ts';
import { errorMessageForCode, type ErrorMessage } from '../../chat/error-messages.ts';
import type { ChatEvent, Source } from '../../chat/protocol.ts';
import { findSourceText } from '../../chat/source-text.ts';
import { parseChatRequest, requestLimits, type ChatRequest } from './chat-request.ts';
import {
  aliasPaths,
  collectAnswer,
  dialectOf,
  jsonAnswer,
  type JsonShape,
  type ResponseMode,
} from './dialects.ts';
import type { RateLimits } from '../rate-limits.ts';
import { logFailure } from '../log-failure.ts';
import { HttpProblem, clientClosed } from '../http-problem.ts';
import type { SessionIds } from './session-ids.ts';
import { sendEvents } from './sse.ts';
import { wireEvent } from './wire-event.ts';

export type ChatRouteOptions = {
  deps: Omit<ChatDeps, 'log'>;
  rateLimits: Pick<RateLimits, 'question'>;
  sessions: SessionIds;
  /** Streams that may be open at once. */
  maxStreams: number;
  heartbeatMs: number;
  stallMs: number;
  aliasRoutes: boolean;
  responseMode: ResponseMode;
};

/** Answers that are being given. */
export interface ActiveAnswers {
  /** Ends them all: readers are told, and what was written is kept. */
  interrupt(): void;
  /** Resolves when none is left. */
  ended(): Promise<void>;
}

/** `POST /api/chat`: the canonical stream, and JSON for the clients that ask for it. */
export function chatRoute(app: FastifyInstance, options: ChatRouteOptions): ActiveAnswers {
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
    options.rateLimits.question({ address: request.ip, conversationId });
    const asked = await resolveSession(parsed, options.sessions);
    if (open.size >= options.maxStreams) throw serverBusy();
    const gone = new AbortController();
    open.add(gone);
    try {
      if (dialect.transport === 'json')
        return await sendJson(reply, { chat: asked, shape: dialect.shape, options, disconnected: gone });
      await sendStream(reply, { chat: asked, options, disconnected: gone });
      return reply;
    } finally {
      open.delete(gone);
      if (open.size === 0) for (const resolve of whenEnded.splice(0)) resolve();
    }
  }

  for (const path of ['/api/chat', ...(options.aliasRoutes ? aliasPaths : [])]) app.post(path, answer);
  return {
    interrupt: () => {
      for (const gone of open) gone.abort(shutdownProblem);
    },
    ended: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => whenEnded.push(resolve))),
  };
}

/** The question with the id of the session that it names. */
async function resolveSession(
  { question, session }: ChatRequest,
  sessions: SessionIds,
): Promise<ChatRequest> {
  if (session === null || question.conversationId !== null) return { question, session };
  return { question: { ...question, conversationId: await sessions.idOf(session) }, session };
}

/** The reason of a signal that the closing server aborts. */
const shutdownProblem = new HttpProblem({
  status: 503,
  code: 'server-stopping',
  message: 'The assistant is restarting. Please ask again.',
  retryAfter: 5,
});

function serverBusy(): HttpProblem {
  return new HttpProblem({
    status: 503,
    code: 'server-busy',
    message: 'The assistant has too many readers just now. Please try again in a moment.',
    retryAfter: 5,
  });
}

type ChatExchange = { chat: ChatRequest; options: ChatRouteOptions; disconnected: AbortController };

/** What fails is logged with the request's id, which its reader can tell. */
function depsFor({ log, request: { id } }: FastifyReply, { deps: parts }: ChatRouteOptions): ChatDeps {
  return { ...parts, log: (failure) => logFailure(log, failure, { requestId: id }) };
}

async function sendStream(
  reply: FastifyReply,
  { chat: asked, options, disconnected: gone }: ChatExchange,
): Promise<void> {
  const { heartbeatMs, stallMs } = options;
  await sendEvents({
    reply,
    frames: streamFrames(reply, { chat: asked, options, disconnected: gone }),
    gone,
    heartbeatMs,
    stallMs,
  });
}

async function* streamFrames(
  reply: FastifyReply,
  { chat: asked, options, disconnected: gone }: ChatExchange,
): AsyncGenerator<string> {
  const { question } = asked;
  const told = { session: asked.session, requestId: reply.request.id };
  let begun: string | null = null;
  try {
    for await (const event of answerQuestion({
      question,
      parts: depsFor(reply, options),
      signal: gone.signal,
    })) {
      if (event.type === 'metadata') begun = event.conversationId;
      yield wireEvent(event, told);
    }
  } catch (error) {
    if (reply.raw.destroyed) return;
    const isStopping = gone.signal.reason === shutdownProblem;
    if (!isStopping) logFailure(reply.log, error, { level: 'error', requestId: told.requestId });
    const why = isStopping ? shutdownProblem : errorMessageForCode('answer-failed');
    for (const event of closingEvents(why, { begun, id: question.conversationId }))
      yield wireEvent(event, told);
  }
}

/** The head is out, so no status can say it: the stream itself does, and is whole as every stream is. */
function closingEvents(
  { code, message }: ErrorMessage,
  { begun, id }: { begun: string | null; id: string | null },
): ChatEvent[] {
  const conversationId = begun ?? id ?? randomUUID();
  const head: ChatEvent[] = begun === null ? [{ type: 'metadata', conversationId, strategies: [] }] : [];
  return [
    ...head,
    { type: 'token', content: begun === null ? message : `\n\n${message}` },
    { type: 'error', code, message },
    { type: 'done', conversationId, sources: [] },
  ];
}

async function sendJson(
  reply: FastifyReply,
  { chat: asked, shape, options, disconnected: gone }: ChatExchange & { shape: JsonShape },
): Promise<FastifyReply> {
  reply.raw.on('close', () => gone.abort(clientClosed));
  const parts = depsFor(reply, options);
  const events = answerQuestion({ question: asked.question, parts, signal: gone.signal });
  const answer = await collectAnswer(events);
  if (answer.error !== null)
    throw new HttpProblem({
      status: 503,
      code: answer.error.code,
      message: answer.error.message,
      retryAfter: 60,
    });
  const { model } = parts.answers;
  const textOf = (source: Source): string => findSourceText(source, parts.library.holding.sections.values());
  return reply.send(jsonAnswer({ answer, shape, session: asked.session, model, now: new Date(), textOf }));
}
