import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import pLimit from 'p-limit';
import { CallBudget } from './chat/budget/call-budget.ts';
import { UsageLog } from './chat/budget/usage-log.ts';
import { AnswerCache } from './chat/model/answer-cache.ts';
import { MessageStore } from './chat/conversation/message-store.ts';
import type { AnswerModel, ConversationStore, SessionKeyStore, UsageStore } from './chat/ports.ts';
import { CircuitBreaker } from './chat/resilience/circuit-breaker.ts';
import { settleWithin } from './chat/resilience/deadline.ts';
import { BookIndex } from './chat/book-index/book-index.ts';
import { collectionCheck } from './chat/book-index/collection-check.ts';
import { QueryVectors } from './chat/retrieval/query-vectors.ts';
import type { ServiceCheck } from './chat/service-check.ts';
import { chatSettings, type ChatSettings } from './chat/settings.ts';
import type { BookFile } from './collection/book-file.ts';
import type { Embedder, PassageReader } from './collection/ports.ts';
import type { ResponseMode } from './contract.ts';
import type { ServerFailure } from './failure.ts';
import { chatRoute } from './http/chat/chat-route.ts';
import { conversationRoute } from './http/conversation/conversation-route.ts';
import { SessionIds } from './http/conversation/session-ids.ts';
import { parseOrigins, registerCors, setCorsHeaders, type OriginRule } from './http/cors.ts';
import { HealthMonitor, healthTimings, type HealthTimings } from './http/health-monitor.ts';
import { healthRoutes, type HealthResponse } from './http/health-routes.ts';
import { homeRoute } from './http/home-route.ts';
import { toHttpError, sendHttpError, unreadableUrl } from './http/http-error.ts';
import { logFailure } from './http/log-failure.ts';
import { registerNotFound } from './http/not-found.ts';
import { openApiRoutes } from './http/openapi-routes.ts';
import { clientAddressOf, type ClientAddress } from './http/limits/client-address.ts';
import { createRateLimits, defaultRateLimits, type RateLimitSettings } from './http/limits/rate-limits.ts';

/** The outside world as the server needs it. */
export type Ports = {
  embedder: Embedder;
  passageStore: PassageReader;
  answerModel: AnswerModel;
  /** Asked when the quota of `answerModel` has ended; null for none. */
  smallerModel?: AnswerModel | null;
  conversationStore: ConversationStore & SessionKeyStore & UsageStore;
  /** The checks of PostgreSQL and Gemini; the app adds the check of the collection. */
  checks: readonly ServiceCheck[];
  /** The book that was uploaded with the server; null when there is none. */
  readBundledBook: () => Promise<BookFile | null>;
};

export type AppOptions = {
  version: string;
  deploymentId: string | null;
  /** As in `ALLOWED_ORIGINS`. */
  origins: string;
  logLevel: string;
  bookTitle: string;
  maxStreams?: number;
  /** How long the end of the process may take, in milliseconds: for open streams, and for messages to be stored. */
  shutdownMs?: number;
  heartbeatMs?: number;
  stallMs?: number;
  settings?: ChatSettings;
  /** Invalid settings that block no service; reported in health. */
  invalidSettings?: readonly ServerFailure[];
  limits?: Partial<RateLimitSettings>;
  /** Answers of the model per UTC day; 0 means no limit. */
  dailyBudget?: number;
  responseMode?: ResponseMode;
  /** Whether every connection comes from the platform's proxy, whatever its address. */
  isProxied?: boolean;
  healthTimings?: HealthTimings;
};

const bodyLimit = 512 * 1024;
const defaultMaxStreams = 2_000;
/** Messages that wait for the database at most, for each answer in progress: its question and answer, twice. */
const messagesPerStream = 4;
/** How long shutdown waits for the last bytes of open streams, in milliseconds. */
const streamGraceMs = 300;

/**
 * The whole server except its socket: reads no environment, and connects to nothing before it is ready. Routes are added
 * by functions and not with `register()`: as seven plugins they cost 6 ms of CPU more at every start (15 instead of 9),
 * and `health` and `answers` are needed before the app is ready.
 */
export function buildApp(ports: Ports, options: AppOptions): FastifyInstance & { health(): HealthResponse } {
  const { rule, origins } = parseOrigins(options.origins);
  const app = createFastify(options.logLevel, rule);
  const deps = buildDeps(app, ports, {
    ...options,
    bookOrigins: origins.filter((origin) => !origin.includes('*')),
  });
  const { messageStore, bookIndex, breakers } = deps;
  const checks = [collectionCheck({ bookIndex, store: ports.passageStore }), ...ports.checks];
  const monitor = new HealthMonitor({ checks, times: options.healthTimings ?? healthTimings });
  const rateLimits = createRateLimits({ ...defaultRateLimits, ...options.limits });
  const clientOf = ({ raw }: FastifyRequest): ClientAddress =>
    clientAddressOf(raw, { isProxied: options.isProxied ?? false });

  registerCors(app, rule);
  app.setErrorHandler((error, request, reply) => {
    const httpError = toHttpError(error);
    if (httpError.status >= 500) logFailure(request.log, error, { level: 'error', requestId: request.id });
    return sendHttpError(reply, httpError);
  });
  const routes = registerNotFound(app);
  const health = healthRoutes(app, {
    ...options,
    invalidSettings: options.invalidSettings ?? [],
    monitor,
    breakers,
    messageStore,
    startedAt: new Date(),
  });
  conversationRoute(app, { messageStore, rateLimits, clientOf });
  openApiRoutes(app, options);
  homeRoute(app, { ...options, frontendUrl: frontendUrlOf(origins) });
  const sessions = new SessionIds({
    store: ports.conversationStore,
    breaker: breakers.postgres,
    log: deps.log,
  });
  const answers = chatRoute(app, {
    deps,
    rateLimits,
    clientOf,
    sessions,
    maxStreams: options.maxStreams ?? defaultMaxStreams,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    stallMs: options.stallMs ?? 30_000,
    responseMode: options.responseMode ?? 'auto',
    originRule: rule,
    routes,
    frontendUrl: frontendUrlOf(origins),
  });

  app.addHook('onReady', async () => {
    app.log.info({ origins }, 'pages of these origins may use the chat');
    monitor.start();
    void sessions.preloadKey();
    void deps.budget.preload();
  });
  app.addHook('preClose', async () => {
    monitor.stop();
    const ended = Promise.all([answers.interrupt(), answers.finished()]);
    await settleWithin({ ms: streamGraceMs }, ended);
  });
  app.addHook('onClose', async () => {
    const limit = { ms: (options.shutdownMs ?? 9_000) - streamGraceMs };
    await Promise.all([messageStore.close(limit), deps.budget.close(limit), deps.usage.close(limit)]);
  });
  return Object.assign(app, { health });
}

/** Wires what answering a question needs. */
function buildDeps(app: FastifyInstance, ports: Ports, options: AppOptions & { bookOrigins: string[] }) {
  const log = (failure: unknown): void => logFailure(app.log, failure);
  const settings = options.settings ?? chatSettings;
  const breakers = {
    gemini: new CircuitBreaker({ service: 'gemini' }),
    answers: new CircuitBreaker({ service: 'gemini' }),
    smallerAnswers: new CircuitBreaker({ service: 'gemini' }),
    qdrant: new CircuitBreaker({ service: 'qdrant' }),
    postgres: new CircuitBreaker({ service: 'postgres' }),
  };
  const stored = { store: ports.conversationStore, breaker: breakers.postgres, now: Date.now, log };
  const budget = new CallBudget({ ...stored, budget: options.dailyBudget ?? 0 });
  const usage = new UsageLog(stored);
  const models = [{ model: ports.answerModel, breaker: breakers.answers }];
  if (ports.smallerModel) models.push({ model: ports.smallerModel, breaker: breakers.smallerAnswers });
  return {
    answerModel: ports.answerModel,
    answerSources: { ladder: { models, budget, usage, settings }, cache: new AnswerCache() },
    budget,
    usage,
    bookOrigins: options.bookOrigins,
    passageStore: ports.passageStore,
    settings,
    breakers,
    log,
    searchLimit: pLimit(settings.concurrentSearches),
    bookIndex: new BookIndex({
      store: ports.passageStore,
      embedder: ports.embedder,
      readBundledBook: ports.readBundledBook,
      memorySections: settings.memorySections,
    }),
    queryVectors: new QueryVectors({
      embedder: ports.embedder,
      breaker: breakers.gemini,
      timeoutMs: settings.embedTimeoutMs,
    }),
    messageStore: new MessageStore({
      store: ports.conversationStore,
      maxPending: messagesPerStream * (options.maxStreams ?? defaultMaxStreams),
      now: () => new Date(),
      sleep: (ms) => sleep(ms, undefined, { ref: false }),
      log,
    }),
  };
}

function createFastify(level: string, rule: OriginRule): FastifyInstance {
  const app = Fastify({
    logger: {
      level,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.apiKey', '*.connectionString'],
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // A child logger per request costs time and memory and is rarely used: our log lines carry the request's id.
    childLoggerFactory: (logger) => logger,
    bodyLimit,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    // For an invalid URL, Fastify runs no hooks.
    frameworkErrors: (_error, request, reply) => {
      setCorsHeaders(request, reply, rule);
      setCommonHeaders(request, reply);
      sendHttpError(reply, unreadableUrl());
    },
  });
  app.server.headersTimeout = 15_000;
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    done();
  });
  return app;
}

/** The headers of every response. */
function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
}

/** The book's address: a published site is preferred to one on a developer's machine. */
function frontendUrlOf(origins: readonly string[]): string | null {
  const exact = origins.filter((origin) => !origin.includes('*'));
  return exact.find((origin) => origin.startsWith('https://')) ?? exact[0] ?? null;
}
