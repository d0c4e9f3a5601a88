import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerQuestion, type ChatDeps } from '../../chat/answer-question.ts';
import { errorMessageForCode, type ErrorMessage } from '../../chat/error-messages.ts';
import type { ChatEvent, Source } from '../../chat/protocol.ts';
import { sectionsInMemory } from '../../chat/book-index/book-state.ts';
import { findSourceText } from '../../chat/source-text.ts';
import { clientClosed, HttpError } from '../http-error.ts';
import { logFailure } from '../log-failure.ts';
import type { RateLimits } from '../rate-limits.ts';
import { parseChatRequest, requestLimits, type ChatRequest } from './chat-request.ts';
import {
  aliasPaths,
  collectAnswer,
  dialectOf,
  jsonAnswer,
  type JsonShape,
  type ResponseMode,
} from './dialects.ts';
import type { SessionIds } from './session-ids.ts';
import { sendEvents } from './sse.ts';
import { wireEvent } from './wire-event.ts';

export type ChatRouteOptions = {
  deps: Omit<ChatDeps, 'log'>;
  rateLimits: Pick<RateLimits, 'checkQuestion'>;
  sessions: SessionIds;
  /** Maximum number of answers in progress. */
  maxStreams: number;
  heartbeatMs: number;
  stallMs: number;
  aliasRoutes: boolean;
  responseMode: ResponseMode;
};

/** The answers in progress. */
export interface ActiveAnswers {
  /** Ends them all: clients get a closing message, and the text so far is stored. */
  interrupt(): void;
  /** Resolves when there are none left. */
  finished(): Promise<void>;
}

/** `POST /api/chat`: the canonical stream, and JSON for the clients that ask for it. */
export function chatRoute(app: FastifyInstance, options: ChatRouteOptions): ActiveAnswers {
  const whenFinished: (() => void)[] = [];
  const active = new Set<AbortController>();

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { body, headers } = request;
    const dialect = dialectOf({ body, accept: headers.accept, mode: options.responseMode });
    const parsed = parseChatRequest({ body, headers, limits: requestLimits });
    const conversationId = parsed.question.conversationId ?? parsed.session;
    options.rateLimits.checkQuestion({ address: request.ip, conversationId });
    const chat = await resolveSession(parsed, options.sessions);
    if (active.size >= options.maxStreams) throw serverBusy();
    const disconnected = new AbortController();
    active.add(disconnected);
    try {
      if (dialect.transport === 'json')
        return await sendJson(reply, { chat, shape: dialect.shape, options, disconnected });
      await sendStream(reply, { chat, options, disconnected });
      return reply;
    } finally {
      active.delete(disconnected);
      if (active.size === 0) for (const resolve of whenFinished.splice(0)) resolve();
    }
  }

  for (const path of ['/api/chat', ...(options.aliasRoutes ? aliasPaths : [])]) app.post(path, answer);
  return {
    interrupt: () => {
      for (const disconnected of active) disconnected.abort(shutdownError);
    },
    finished: () =>
      active.size === 0 ? Promise.resolve() : new Promise((resolve) => whenFinished.push(resolve)),
  };
}

/** Sets the conversation's id where the client named only a session. */
async function resolveSession(
  { question, session }: ChatRequest,
  sessions: SessionIds,
): Promise<ChatRequest> {
  if (session === null || question.conversationId !== null) return { question, session };
  return { question: { ...question, conversationId: await sessions.idOf(session) }, session };
}

/** The abort reason when the server shuts down. */
const shutdownError = new HttpError({
  status: 503,
  code: 'server-stopping',
  message: 'The assistant is restarting. Please ask again.',
  retryAfter: 5,
});

function serverBusy(): HttpError {
  return new HttpError({
    status: 503,
    code: 'server-busy',
    message: 'The assistant has too many readers just now. Please try again in a moment.',
    retryAfter: 5,
  });
}

type ChatExchange = { chat: ChatRequest; options: ChatRouteOptions; disconnected: AbortController };

/** Failures are logged with the request's id, which the client gets too. */
function depsFor({ log, request: { id } }: FastifyReply, { deps }: ChatRouteOptions): ChatDeps {
  return { ...deps, log: (failure) => logFailure(log, failure, { requestId: id }) };
}

async function sendStream(reply: FastifyReply, exchange: ChatExchange): Promise<void> {
  const { options, disconnected } = exchange;
  const { heartbeatMs, stallMs } = options;
  await sendEvents({ reply, frames: streamFrames(reply, exchange), disconnected, heartbeatMs, stallMs });
}

async function* streamFrames(
  reply: FastifyReply,
  { chat: { question, session }, options, disconnected }: ChatExchange,
): AsyncGenerator<string> {
  const { signal } = disconnected;
  const envelope = { session, requestId: reply.request.id };
  let startedId: string | null = null;
  try {
    for await (const event of answerQuestion({ question, deps: depsFor(reply, options), signal })) {
      if (event.type === 'metadata') startedId = event.conversationId;
      yield wireEvent(event, envelope);
    }
  } catch (error) {
    if (reply.raw.destroyed) return;
    const isStopping = signal.reason === shutdownError;
    if (!isStopping) logFailure(reply.log, error, { level: 'error', requestId: envelope.requestId });
    const message = isStopping ? shutdownError : errorMessageForCode('answer-failed');
    for (const event of closingEvents(message, { startedId, questionId: question.conversationId }))
      yield wireEvent(event, envelope);
  }
}

/** The status line has been sent already, so the error is part of the stream, which ends like any other. */
function closingEvents(
  { code, message }: ErrorMessage,
  { startedId, questionId }: { startedId: string | null; questionId: string | null },
): ChatEvent[] {
  const conversationId = startedId ?? questionId ?? randomUUID();
  const metadata: ChatEvent[] =
    startedId === null ? [{ type: 'metadata', conversationId, strategies: [] }] : [];
  return [
    ...metadata,
    { type: 'token', content: startedId === null ? message : `\n\n${message}` },
    { type: 'error', code, message },
    { type: 'done', conversationId, sources: [] },
  ];
}

async function sendJson(
  reply: FastifyReply,
  { chat, shape, options, disconnected }: ChatExchange & { shape: JsonShape },
): Promise<FastifyReply> {
  reply.raw.on('close', () => disconnected.abort(clientClosed));
  const deps = depsFor(reply, options);
  const events = answerQuestion({ question: chat.question, deps, signal: disconnected.signal });
  const answer = await collectAnswer(events);
  if (answer.error !== null)
    throw new HttpError({
      status: 503,
      code: answer.error.code,
      message: answer.error.message,
      retryAfter: 60,
    });
  const { model } = deps.answerModel;
  const sections = sectionsInMemory(deps.bookIndex.snapshot.book);
  const textOf = (source: Source): string => findSourceText(source, sections.values());
  return reply.send(jsonAnswer({ answer, shape, session: chat.session, model, now: new Date(), textOf }));
}
