import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Allotment } from './chat/budget/allotment.ts';
import { BookReader } from './book/book-reader.ts';
import { settleWithin } from './chat/resilience/deadline.ts';
import { createChatDeps, type ChatPorts } from './chat/create-chat-deps.ts';
import { collectionCheck } from './chat/book-index/collection-check.ts';
import { newId } from './chat/conversation/new-id.ts';
import type { ServiceCheck } from './chat/service-check.ts';
import { chatSettings, type ChatSettings } from './chat/settings.ts';
import type { RetentionOptions } from './chat/conversation/retention.ts';
import type { ResponseMode } from './contract.ts';
import type { ServerFailure } from './failure.ts';
import { bookRoutes } from './http/book/book-routes.ts';
import { chatRoute } from './http/chat/chat-route.ts';
import { conversationRoute } from './http/conversation/conversation-route.ts';
import { SessionIds } from './http/conversation/session-ids.ts';
import { frontendUrlOf, parseOrigins, registerCors, setCorsHeaders, type OriginRule } from './http/cors.ts';
import { socketTimeouts } from './http/early-listener.ts';
import { HealthMonitor, healthTimings, type HealthTimings } from './http/health-monitor.ts';
import { healthRoutes, isHealthPath, type HealthResponse } from './http/health-routes.ts';
import { feedbackRoute } from './http/feedback/feedback-route.ts';
import { homeRoute } from './http/home-route.ts';
import { allotmentUsedUp, toHttpError, sendHttpError, unreadableUrl } from './http/http-error.ts';
import { privacyRoute } from './http/privacy-route.ts';
import { metricsRoute } from './http/metrics/metrics-route.ts';
import { logFailure } from './http/log-failure.ts';
import { registerNotFound } from './http/not-found.ts';
import { openApiRoutes } from './http/openapi-routes.ts';
import { clientAddressOf, type ClientAddress } from './http/limits/client-address.ts';
import { createRateLimits, defaultRateLimits, type RateLimitSettings } from './http/limits/rate-limits.ts';

/** The outside world as the server needs it. */
export type Ports = ChatPorts & {
  /** The checks of PostgreSQL and Gemini; the app adds the check of the collection. */
  checks: readonly ServiceCheck[];
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
  /** Null keeps conversations for ever. */
  retention?: RetentionOptions | null;
  /** Whether `GET /metrics` answers. */
  hasMetrics?: boolean;
  /** Whether every connection comes from the platform's proxy, whatever its address. */
  isProxied?: boolean;
  healthTimings?: HealthTimings;
  /**
   * True on a platform that runs several processes, each of which is frozen when it has answered and may be ended
   * then: what another process or a later one needs is in the database, and services are looked at while a request is
   * answered.
   */
  isFunction?: boolean;
  /** What the platform allows; null where it sets no limit. */
  allotment?: Pick<Allotment, 'isUsedUp' | 'facts'> | null;
};

export type App = FastifyInstance & {
  /** The response of a health check, from memory. */
  health(): HealthResponse;
  /** Resolves when nothing that the requests so far began is left to do: answers, messages to store, checks. */
  idle(): Promise<void>;
};

const bodyLimit = 512 * 1024;
/** How long shutdown waits for the last bytes of open streams, in milliseconds. */
const longestStreamGraceMs = 300;
/** How long a function's health waits for the first look at its services, in milliseconds. */
const firstLookMs = 5_000;

/**
 * The whole server except its socket: reads no environment, and connects to nothing before it is ready. Routes are added
 * by functions and not with `register()`: as seven plugins they cost 6 ms of CPU more at every start (15 instead of 9),
 * and `health` and `answers` are needed before the app is ready.
 */
export function buildApp(ports: Ports, options: AppOptions): App {
  const { rule, origins } = parseOrigins(options.origins);
  const app = createFastify(options.logLevel, rule);
  const { maxStreams = 2_000, shutdownMs = 9_000, isFunction = false, allotment = null } = options;
  const streamGraceMs = Math.min(longestStreamGraceMs, shutdownMs / 4);
  const deps = createChatDeps(ports, {
    settings: options.settings ?? chatSettings,
    dailyBudget: options.dailyBudget ?? 0,
    maxStreams,
    log: (failure) => logFailure(app.log, failure),
    bookOrigins: origins.filter((origin) => !origin.includes('*')),
    isOneOfMany: isFunction,
    retention: options.retention ?? null,
    onDeleted: (rows) => app.log.info(rows, 'expired conversations were deleted'),
  });
  const { messageStore, bookIndex, breakers, retention } = deps;
  const checks = [collectionCheck({ bookIndex, store: ports.passageStore }), ...ports.checks];
  const monitor = new HealthMonitor({
    checks,
    times: options.healthTimings ?? healthTimings,
    hasTimers: !isFunction,
  });
  for (const breaker of Object.values(breakers))
    breaker.onSuccess = (service) => monitor.noteSuccess(service);
  const rateLimits = createRateLimits({ ...defaultRateLimits, ...options.limits });
  const clientOf = ({ raw }: FastifyRequest): ClientAddress =>
    clientAddressOf(raw, { isProxied: options.isProxied ?? false });

  registerCors(app, rule);
  app.setErrorHandler((error, request, reply) => {
    const httpError = toHttpError(error);
    if (httpError.status >= 500 && httpError !== allotmentUsedUp)
      logFailure(request.log, error, { level: 'error', requestId: request.id });
    return sendHttpError(reply, httpError);
  });
  const routes = registerNotFound(app);
  const health = healthRoutes(app, {
    ...options,
    invalidSettings: options.invalidSettings ?? [],
    monitor,
    allotment,
    firstLookMs: isFunction ? firstLookMs : 0,
    breakers,
    messageStore,
    isWaking: () => ports.conversationStore.isWaking?.() ?? false,
    startedAt: new Date(),
  });
  conversationRoute(app, { messageStore, rateLimits, clientOf });
  const store = ports.conversationStore;
  feedbackRoute(app, { store, messageStore, rateLimits, clientOf, originRule: rule });
  const reader = new BookReader({ deps, site: frontendUrlOf(origins) });
  bookRoutes(app, { ...options, reader, rateLimits, clientOf, originRule: rule });
  const metrics =
    options.hasMetrics === true ? metricsRoute(app, { breakers, messageStore, usage: deps.usage }) : null;
  openApiRoutes(app, options);
  privacyRoute(app, options);
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
    metrics,
    maxStreams,
    heartbeatMs: options.heartbeatMs ?? 15_000,
    stallMs: options.stallMs ?? 30_000,
    responseMode: options.responseMode ?? 'auto',
    originRule: rule,
    routes,
    frontendUrl: frontendUrlOf(origins),
  });

  app.addHook('onReady', async () => {
    app.log.info({ origins }, 'pages of these origins may use the chat');
    if (allotment?.isUsedUp() === true) return;
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
    const limit = { ms: shutdownMs - streamGraceMs };
    await Promise.all([messageStore.close(limit), deps.budget.close(limit), deps.usage.close(limit)]);
  });
  app.addHook('onRequest', (request, _reply, done) => {
    if (allotment?.isUsedUp() === true) return done(isHealthPath(request.url) ? undefined : allotmentUsedUp);
    if (isFunction) monitor.refresh();
    retention?.runIfDue();
    done();
  });
  const idle = async (): Promise<void> => {
    await answers.finished();
    await Promise.all([
      messageStore.flushed(),
      deps.usage.flushed(),
      monitor.settled(),
      retention?.settled(),
    ]);
  };
  return Object.assign(app, { health, idle });
}

function createFastify(level: string, rule: OriginRule): FastifyInstance {
  const app = Fastify({
    logger: {
      level,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.apiKey', '*.connectionString'],
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    // A child logger per request costs time and memory and is rarely used: our log lines carry the request's id.
    childLoggerFactory: (logger) => logger,
    bodyLimit,
    requestTimeout: socketTimeouts.request,
    keepAliveTimeout: socketTimeouts.idle,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    // For an invalid URL, Fastify runs no hooks.
    frameworkErrors: (_error, request, reply) => {
      setCorsHeaders(request, reply, rule);
      setCommonHeaders(request, reply);
      sendHttpError(reply, unreadableUrl());
    },
  });
  app.server.headersTimeout = socketTimeouts.head;
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
