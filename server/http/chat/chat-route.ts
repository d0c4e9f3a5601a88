import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ChatDeps } from '../../chat/answer-question.ts';
import type { ResponseMode } from '../../contract.ts';
import type { OriginRule } from '../cors.ts';
import { HttpError } from '../http-error.ts';
import type { RouteMethods } from '../not-found.ts';
import { embedEarly } from '../../chat/retrieval/retrieve-context.ts';
import { resolveConversation } from '../conversation/resolve-conversation.ts';
import type { SessionIds } from '../conversation/session-ids.ts';
import type { SessionOwner } from '../conversation/session-names.ts';
import { AttackWatch } from '../limits/attack-watch.ts';
import type { ClientAddress } from '../limits/client-address.ts';
import { ProofOfWork, proofHeaders } from '../limits/proof-of-work.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { AnswerMetrics } from '../metrics/answer-metrics.ts';
import { markPersonal } from '../personal-reply.ts';
import { parseChatRequest, requestLimits, type ChatRequest } from './chat-request.ts';
import { createCatchAll } from './catch-all.ts';
import { KeyedTurns, turnKey } from '../turns/keyed-turns.ts';
import { checkOrigin } from './check-origin.ts';
import { hasForeignField } from './question-body.ts';
import type { ReplyForm } from './reply-form.ts';
import { replyFormOf } from './reply-forms.ts';
import { fieldsOf } from './request-fields.ts';
import { sendAnswer, shutdownProblem } from './send-answer.ts';
import { SerialAnswers } from '../turns/serial-answers.ts';

export type ChatRouteOptions = {
  deps: ChatDeps;
  rateLimits: Pick<RateLimits, 'allowsQuestion' | 'allowsInConversation'>;
  clientOf: (request: FastifyRequest) => ClientAddress;
  sessions: SessionIds;
  /** Null where they are off. */
  metrics: AnswerMetrics | null;
  /** Maximum number of answers in progress. */
  maxStreams: number;
  heartbeatMs: number;
  stallMs: number;
  responseMode: ResponseMode;
  /** What the other routes answer. */
  routes: RouteMethods;
  /** Decides which browsers may ask. */
  originRule: OriginRule;
  /** The book's published address, if the settings name one. */
  frontendUrl: string | null;
};

/** The answers in progress. */
export interface ActiveAnswers {
  /**
   * Ends them all, and begins no other: clients get a closing message, and the text so far is stored. Resolves when it is
   * queued for that.
   */
  interrupt(): Promise<void>;
  /** Resolves when there are none left. */
  finished(): Promise<void>;
}

/**
 * `POST /api/chat`, and a question at any other path that is not a route: as a stream or as JSON, whichever the client
 * reads. A browser of a foreign origin is refused before anything is spent.
 */
export function chatRoute(app: FastifyInstance, options: ChatRouteOptions): ActiveAnswers {
  const whenFinished: (() => void)[] = [];
  const active = new Set<AbortController>();
  let isStopping = false;
  const turns = new KeyedTurns();
  const serial = new SerialAnswers();
  const watch = new AttackWatch();
  const proof = new ProofOfWork();

  /** Counts an answer as in progress from before its conversation is looked up, so that it is not forgotten at a stop. */
  async function whileActive<T>(work: (disconnected: AbortController) => Promise<T>): Promise<T> {
    if (isStopping) throw shutdownProblem;
    if (active.size >= options.maxStreams) throw serverBusy();
    const disconnected = new AbortController();
    active.add(disconnected);
    try {
      return await work(disconnected);
    } finally {
      active.delete(disconnected);
      if (active.size === 0) for (const resolve of whenFinished.splice(0)) resolve();
    }
  }

  /** While the server is attacked, each reply has a challenge; a question with the solution of one is none of the attack. */
  function isAttack({ headers }: FastifyRequest, reply: FastifyReply): boolean {
    if (!watch.count()) return false;
    reply.header(proofHeaders.challenge, proof.challenge());
    return !proof.accept(headers[proofHeaders.solution]);
  }

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { body, headers, url: path } = request;
    if (hasForeignField(fieldsOf(body))) throw notAQuestion();
    const form = replyFormOf({ body, accept: headers.accept, path, mode: options.responseMode });
    const parsed = parseChatRequest({ body, headers, limits: requestLimits });
    return whileActive((disconnected) => answerParsed({ request, reply, form, parsed, disconnected }));
  }

  async function answerParsed({
    request,
    reply,
    form,
    parsed,
    disconnected,
  }: {
    request: FastifyRequest;
    reply: FastifyReply;
    form: ReplyForm;
    parsed: ChatRequest;
    disconnected: AbortController;
  }): Promise<FastifyReply> {
    const { body, headers } = request;
    const client = options.clientOf(request);
    const isWithinRate = options.rateLimits.allowsQuestion(client);
    const isAttacked = !client.isLocal && isAttack(request, reply);
    const onLookUp = (): void => {
      if (isWithinRate && !isAttacked) void embedEarly(parsed.question, options.deps);
    };
    const chat = await withConversation(parsed, {
      owner: { origin: headers.origin, client },
      onLookUp,
      options,
    });
    if (disconnected.signal.aborted) throw shutdownProblem;
    const isSlowEnough = isWithinRate && isWithinConversation(chat, client, options);
    const limit = !isSlowEnough ? 'rate' : isAttacked ? 'attack' : null;
    const siteOrigin = siteOriginOf(request, options);
    await sendAnswer(reply, form, {
      ...options,
      chat,
      limit,
      turns,
      turnKey: turnKey({
        header: headers['idempotency-key'],
        origin: headers.origin,
        network: client.network,
        names: parsed.names,
        body,
      }),
      siteOrigin,
      disconnected,
    });
    return reply;
  }

  const { originRule } = options;
  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    markPersonal(reply);
    checkOrigin(request, originRule);
    done();
  };
  const inTurn = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    serial.run(request.raw.socket, () => answer(request, reply));
  app.post('/api/chat', { onRequest }, inTurn);
  createCatchAll(app, { routes: options.routes, onRequest, answer: inTurn, notAQuestion });
  return {
    interrupt: () => {
      isStopping = true;
      for (const disconnected of active) disconnected.abort(shutdownProblem);
      return turns.interrupt(shutdownProblem);
    },
    finished: async () => {
      if (active.size > 0) await new Promise<void>((resolve) => whenFinished.push(resolve));
      await turns.settled();
    },
  };
}

/** Sets the conversation, with what is stored of it where that had to be read. */
async function withConversation(
  chat: ChatRequest,
  {
    owner,
    onLookUp,
    options: { deps, sessions },
  }: { owner: SessionOwner; onLookUp: () => void; options: ChatRouteOptions },
): Promise<ChatRequest> {
  const { messageStore, breakers, settings, log } = deps;
  const historyLength = settings.historyTurns * 2 + 1;
  const resolver = { messageStore, breaker: breakers.postgres, sessions, historyLength, onLookUp, log };
  const resolved = await resolveConversation({ names: chat.names, owner }, resolver);
  return { ...chat, question: { ...chat.question, ...resolved } };
}

function isWithinConversation(
  { question: { conversationId } }: ChatRequest,
  client: ClientAddress,
  { rateLimits }: ChatRouteOptions,
): boolean {
  return conversationId === null || rateLimits.allowsInConversation(conversationId, client);
}

/** The page that asks is one of the book, unless it is the server's own. */
function siteOriginOf(
  { headers }: FastifyRequest,
  { originRule, frontendUrl }: ChatRouteOptions,
): string | null {
  const { origin } = headers;
  return origin !== undefined && URL.canParse(origin) && originRule(origin) ? origin : frontendUrl;
}

function notAQuestion(): HttpError {
  return new HttpError({
    status: 404,
    code: 'not-a-question',
    message:
      'This is the chat server of a book, and it answers questions only: POST {"message": "…"} as JSON to /api/chat.',
  });
}

function serverBusy(): HttpError {
  return new HttpError({
    status: 503,
    code: 'server-busy',
    message: 'The assistant has too many readers just now. Please try again in a moment.',
    retryAfter: 5,
  });
}
