import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { CircuitBreaker } from './chat/resilience/circuit-breaker.ts';
import { collectionCheck } from './chat/retrieval/collection-check.ts';
import { BookIndex, type BookFile } from './chat/retrieval/book-index.ts';
import type { Failure } from './failure.ts';
import type { AnswerModel, ServiceCheck, SessionKeyStore, ConversationStore } from './chat/ports.ts';
import { QueryVectors } from './chat/retrieval/query-vectors.ts';
import { chatSettings, type ChatSettings } from './chat/settings.ts';
import { MessageStore } from './chat/message-store.ts';
import { ConcurrencyLimit } from './chat/resilience/concurrency-limit.ts';
import { chatRoute } from './http/chat/chat-route.ts';
import { conversationRoute } from './http/conversation-route.ts';
import type { ResponseMode } from './http/chat/dialects.ts';
import { setCorsHeaders, registerCors, parseOrigins, type OriginRule } from './http/cors.ts';
import { healthRoutes, type HealthResponse } from './http/health-routes.ts';
import { HealthMonitor, healthTimings, type HealthTimings } from './http/health-monitor.ts';
import { homeRoute } from './http/home-route.ts';
import { createRateLimits, defaultRateLimits, type RateLimitSettings } from './http/rate-limits.ts';
import { logFailure } from './http/log-failure.ts';
import { registerNotFound } from './http/not-found.ts';
import { openApiRoutes } from './http/openapi-routes.ts';
import { unreadableUrl, problemOf, sendProblem } from './http/http-problem.ts';
import { SessionIds } from './http/chat/session-ids.ts';

type Store = ConstructorParameters<typeof BookIndex>[0]['store'];
type Embedder = ConstructorParameters<typeof QueryVectors>[0]['embedder'] &
  ConstructorParameters<typeof BookIndex>[0]['embedder'];

/** The outside world as the server needs it. */
export type Ports = {
  embedder: Embedder;
  store: Store;
  answers: AnswerModel;
  turns: ConversationStore & SessionKeyStore;
  /** Looks at PostgreSQL and Gemini; the look at Qdrant is the server's own. */
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
  heartbeatMs?: number;
  stallMs?: number;
  settings?: ChatSettings;
  /** Settings that are wrong and keep no service away: told in health. */
  invalidSettings?: readonly Failure[];
  limits?: Partial<RateLimitSettings>;
  /** Off unless told otherwise. */
  aliasRoutes?: boolean;
  responseMode?: ResponseMode;
  healthTimings?: HealthTimings;
};

const bodyLimit = 512 * 1024;
/** Milliseconds that open streams, and then waiting turns, get at the end. */
const shutdownGraceMs = 300;

/** The whole server but its socket: reads no environment, connects to nothing before it is ready. */
export function buildApp(ports: Ports, options: AppOptions): FastifyInstance & { health(): HealthResponse } {
  const { rule, origins } = parseOrigins(options.origins);
  const app = createFastify(options.logLevel, rule);
  const parts = buildDeps(app, ports, options);
  const { turns, library, breakers } = parts;
  const checks = [collectionCheck({ library, store: ports.store }), ...ports.checks];
  const watch = new HealthMonitor({ checks, times: options.healthTimings ?? healthTimings });
  const gates = createRateLimits({ ...defaultRateLimits, ...options.limits });

  registerCors(app, rule);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) logFailure(request.log, error, { level: 'error', requestId: request.id });
    return sendProblem(reply, problem);
  });
  registerNotFound(app);
  const health = healthRoutes(app, {
    ...options,
    invalidSettings: options.invalidSettings ?? [],
    monitor: watch,
    breakers,
    turns,
    startedAt: new Date(),
  });
  conversationRoute(app, { turns, gates });
  openApiRoutes(app, options);
  homeRoute(app, { ...options, frontendUrl: frontendUrlOf(origins) });
  const sessions = new SessionIds({ store: ports.turns, breaker: breakers.postgres, log: parts.log });
  const answers = chatRoute(app, {
    deps: parts,
    rateLimits: gates,
    sessions,
    maxStreams: options.maxStreams ?? 2_000,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    stallMs: options.stallMs ?? 30_000,
    aliasRoutes: options.aliasRoutes ?? false,
    responseMode: options.responseMode ?? 'auto',
  });

  app.addHook('onReady', async () => {
    app.log.info({ origins }, 'browsers of these origins may ask');
    watch.start();
    void sessions.preloadKey();
  });
  app.addHook('preClose', async () => {
    watch.stop();
    answers.interrupt();
    await Promise.race([answers.ended(), sleep(shutdownGraceMs, undefined, { ref: false })]);
  });
  app.addHook('onClose', () => turns.close({ ms: shutdownGraceMs }));
  return Object.assign(app, { health });
}

/** What answering a question takes, wired. */
function buildDeps(app: FastifyInstance, ports: Ports, options: AppOptions) {
  const log = (failure: unknown): void => logFailure(app.log, failure);
  const settings = options.settings ?? chatSettings;
  const breakers = {
    gemini: new CircuitBreaker({ service: 'gemini' }),
    answers: new CircuitBreaker({ service: 'gemini' }),
    qdrant: new CircuitBreaker({ service: 'qdrant' }),
    postgres: new CircuitBreaker({ service: 'postgres' }),
  };
  return {
    answers: ports.answers,
    store: ports.store,
    settings,
    breakers,
    log,
    searches: new ConcurrencyLimit({ limit: settings.concurrentSearches }),
    library: new BookIndex({ ...ports, memorySections: settings.memorySections }),
    vectors: new QueryVectors({
      embedder: ports.embedder,
      breaker: breakers.gemini,
      timeoutMs: settings.embedTimeoutMs,
    }),
    turns: new MessageStore({
      store: ports.turns,
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
    // One for each request costs time and memory, and is seldom written to: what we log names its request itself.
    childLoggerFactory: (logger) => logger,
    bodyLimit,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: true,
    // A Space stands behind a proxy, and perhaps others in its provider's network: the first address in
    // X-Forwarded-For, from the right, that is none of theirs is the reader's.
    trustProxy: (address, hop) => hop < 1 || isPrivateAddress(address),
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    // An address that cannot be read comes before every hook.
    frameworkErrors: (_error, request, reply) => {
      setCorsHeaders(request, reply, rule);
      setCommonHeaders(request, reply);
      sendProblem(reply, unreadableUrl());
    },
  });
  app.server.headersTimeout = 15_000;
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    done();
  });
  return app;
}

/** What every answer carries. */
function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
}

const privateAddress = /^(?:::ffff:)?(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|^f[cd]|^::1$/i;

function isPrivateAddress(address: string): boolean {
  return privateAddress.test(address);
}

/** Where the book is read: a published site before one that runs on a developer's machine. */
function frontendUrlOf(origins: readonly string[]): string | null {
  const exact = origins.filter((origin) => !origin.includes('*'));
  return exact.find((origin) => origin.startsWith('https://')) ?? exact[0] ?? null;
}
