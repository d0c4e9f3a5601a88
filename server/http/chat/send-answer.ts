import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { answerQuestion, type ChatDeps } from '../../chat/answer-question.ts';
import type { ModelLimit } from '../../chat/extractive-answer.ts';
import { sectionsInMemory } from '../../chat/book-index/book-state.ts';
import { errorMessageForCode, type ErrorMessage } from '../../chat/error-messages.ts';
import type { ChatEvent, Source } from '../../chat/protocol.ts';
import { findSourcePassage } from '../../chat/source-passage.ts';
import type { AnswerMetrics } from '../metrics/answer-metrics.ts';
import { acceptsGzip } from '../accepts-gzip.ts';
import { clientClosed, HttpError } from '../http-error.ts';
import { logFailure } from '../log-failure.ts';
import type { ChatRequest } from './chat-request.ts';
import { collectAnswer, jsonReply } from './json-reply.ts';
import type { KeyedTurns } from '../turns/keyed-turns.ts';
import type { JsonForm, ReplyForm, StreamForm } from './reply-form.ts';
import { sendEvents } from './sse.ts';
import { streamFrames } from './stream-frames.ts';

/** What answering one request needs. */
export type ChatExchange = {
  chat: ChatRequest;
  deps: Omit<ChatDeps, 'log'>;
  /** Why the model is not asked; null when it may be. */
  limit: ModelLimit | null;
  /** The origin that the book's addresses are relative to; null where none is known. */
  siteOrigin: string | null;
  /** The turns that may be asked for again, and this request's key among them. */
  turns: KeyedTurns;
  turnKey: string | null;
  metrics: AnswerMetrics | null;
  disconnected: AbortController;
  heartbeatMs: number;
  stallMs: number;
};

/** The abort reason when the server shuts down. */
export const shutdownProblem = new HttpError({
  status: 503,
  code: 'server-stopping',
  message: 'The assistant is restarting. Please ask again.',
  retryAfter: 5,
});

/** Answers a question in the form that its client reads. */
export function sendAnswer(reply: FastifyReply, form: ReplyForm, exchange: ChatExchange): Promise<void> {
  if (form.transport === 'json') return sendJson(reply, form.json, exchange);
  const { disconnected, heartbeatMs, stallMs } = exchange;
  const frames = framesOf(reply, form.stream, exchange);
  return sendEvents({ reply, frames, disconnected, heartbeatMs, stallMs });
}

/** Failures are logged with the request's id, which the client gets too. */
function depsFor({ log, request: { id } }: FastifyReply, { deps }: ChatExchange): ChatDeps {
  return { ...deps, log: (failure) => logFailure(log, failure, { requestId: id }) };
}

/** The events of a new turn, or of the one that this request asks for again. */
function eventsOf(reply: FastifyReply, exchange: ChatExchange): AsyncIterable<ChatEvent> {
  const { chat, limit, turns, turnKey, metrics, disconnected } = exchange;
  const deps = depsFor(reply, exchange);
  const open = (signal: AbortSignal) => answerQuestion({ question: chat.question, limit, deps, signal });
  const events = turns.read(turnKey, { open, signal: disconnected.signal });
  return metrics === null ? events : metrics.observe(events);
}

async function* framesOf(
  reply: FastifyReply,
  form: StreamForm,
  exchange: ChatExchange,
): AsyncGenerator<string> {
  const { chat, disconnected } = exchange;
  const { question, session } = chat;
  const { signal } = disconnected;
  const envelope = { session, requestId: reply.request.id };
  let startedId: string | null = null;
  try {
    for await (const event of eventsOf(reply, exchange)) {
      if (event.type === 'metadata') startedId = event.conversationId;
      yield streamFrames(form, event, envelope);
    }
  } catch (error) {
    if (reply.raw.destroyed) return;
    const isStopping = signal.reason === shutdownProblem;
    if (!isStopping) logFailure(reply.log, error, { level: 'error', requestId: envelope.requestId });
    const message = isStopping ? shutdownProblem : errorMessageForCode('answer-failed');
    for (const event of closingEvents(message, { startedId, questionId: question.conversationId }))
      yield streamFrames(form, event, envelope);
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
    { type: 'done', conversationId, messageId: null, sources: [] },
  ];
}

async function sendJson(reply: FastifyReply, form: JsonForm, exchange: ChatExchange): Promise<void> {
  const { chat, disconnected, siteOrigin } = exchange;
  reply.raw.on('close', () => disconnected.abort(clientClosed));
  const { deps } = exchange;
  const answer = await collectAnswer(eventsOf(reply, exchange));
  if (answer.error !== null) {
    const { code, message } = answer.error;
    throw new HttpError({ status: 503, code, message, retryAfter: 60 });
  }
  const sections = sectionsInMemory(deps.bookIndex.snapshot.book);
  const body = jsonReply({
    answer,
    form,
    session: chat.session,
    model: deps.answerModel.model,
    now: new Date(),
    detailsOf: (source) => findSourcePassage(source, sections),
    addressOf: (source) => absoluteAddress(source, siteOrigin),
  });
  sendCompressed(reply, JSON.stringify(body));
}

/** The superset has each text many times: 340 kB with seven sources, 5 kB compressed. */
function sendCompressed(reply: FastifyReply, json: string): void {
  void reply.type('application/json; charset=utf-8').header('vary', 'Origin, Accept-Encoding');
  if (acceptsGzip(reply.request)) void reply.header('content-encoding', 'gzip').send(gzipSync(json));
  else void reply.send(json);
}

/** A section's `url` is a path of the book's site. */
function absoluteAddress({ url }: Source, siteOrigin: string | null): string {
  return siteOrigin !== null && URL.canParse(url, siteOrigin) ? new URL(url, siteOrigin).href : url;
}
