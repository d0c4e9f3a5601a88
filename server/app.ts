import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { Breaker } from './chat/breaker.ts';
import { collectionCheck } from './chat/collection-check.ts';
import { Library, type BookFile } from './chat/library.ts';
import type { Failure } from './failure.ts';
import type { AnswerModel, ServiceCheck, SessionKeyStore, TurnStore } from './chat/ports.ts';
import { QueryVectors } from './chat/query-vectors.ts';
import { chatSettings, type ChatSettings } from './chat/settings.ts';
import { Turns } from './chat/turns.ts';
import { Turnstile } from './chat/turnstile.ts';
import { chatRoute } from './http/chat.ts';
import { conversationRoute } from './http/conversation.ts';
import type { ResponseMode } from './http/dialects.ts';
import { allowOrigin, allowOrigins, parseOrigins, type OriginRule } from './http/cors.ts';
import { healthRoutes, type HealthAnswer } from './http/health.ts';
import { HealthWatch, watchTimes, type WatchTimes } from './http/health-watch.ts';
import { homeRoute } from './http/home.ts';
import { createGates, defaultLimits, type Limits } from './http/limits.ts';
import { logFailure } from './http/log-failure.ts';
import { answerUnknown } from './http/not-found.ts';
import { openApiRoutes } from './http/openapi.ts';
import { addressUnreadable, problemOf, sendProblem } from './http/problem.ts';
import { SessionIds } from './http/session-ids.ts';

type Store = ConstructorParameters<typeof Library>[0]['store'];
type Embedder = ConstructorParameters<typeof QueryVectors>[0]['embedder'] &
  ConstructorParameters<typeof Library>[0]['embedder'];

/** The outside world as the server needs it. */
export type Ports = {
  embedder: Embedder;
  store: Store;
  answers: AnswerModel;
  turns: TurnStore & SessionKeyStore;
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
  unusable?: readonly Failure[];
  limits?: Partial<Limits>;
  /** Off unless told otherwise. */
  aliasRoutes?: boolean;
  responseMode?: ResponseMode;
  watchTimes?: WatchTimes;
};

const bodyLimit = 512 * 1024;
/** Milliseconds that open streams, and then waiting turns, get at the end. */
const farewell = 300;

/** The whole server but its socket: reads no environment, connects to nothing before it is ready. */
export function buildApp(ports: Ports, options: AppOptions): FastifyInstance & { health(): HealthAnswer } {
  const { rule, origins } = parseOrigins(options.origins);
  const app = createFastify(options.logLevel, rule);
  const parts = buildParts(app, ports, options);
  const { turns, library, breakers } = parts;
  const checks = [collectionCheck({ library, store: ports.store }), ...ports.checks];
  const watch = new HealthWatch({ checks, times: options.watchTimes ?? watchTimes });
  const gates = createGates({ ...defaultLimits, ...options.limits });

  allowOrigins(app, rule);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) logFailure(request.log, error, { level: 'error', requestId: request.id });
    return sendProblem(reply, problem);
  });
  answerUnknown(app);
  const health = healthRoutes(app, {
    ...options,
    unusable: options.unusable ?? [],
    watch,
    breakers,
    turns,
    startedAt: new Date(),
  });
  conversationRoute(app, { turns, gates });
  openApiRoutes(app, options);
  homeRoute(app, { ...options, frontendUrl: frontendOf(origins) });
  const sessions = new SessionIds({ store: ports.turns, breaker: breakers.postgres, log: parts.log });
  const answers = chatRoute(app, {
    parts,
    gates,
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
    void sessions.warm();
  });
  app.addHook('preClose', async () => {
    watch.stop();
    answers.interrupt();
    await Promise.race([answers.ended(), sleep(farewell, undefined, { ref: false })]);
  });
  app.addHook('onClose', () => turns.close({ ms: farewell }));
  return Object.assign(app, { health });
}

/** What answering a question takes, wired. */
function buildParts(app: FastifyInstance, ports: Ports, options: AppOptions) {
  const log = (failure: unknown): void => logFailure(app.log, failure);
  const settings = options.settings ?? chatSettings;
  const breakers = {
    gemini: new Breaker({ service: 'gemini' }),
    answers: new Breaker({ service: 'gemini' }),
    qdrant: new Breaker({ service: 'qdrant' }),
    postgres: new Breaker({ service: 'postgres' }),
  };
  return {
    answers: ports.answers,
    store: ports.store,
    settings,
    breakers,
    log,
    searches: new Turnstile({ limit: settings.searchesAtOnce }),
    library: new Library({ ...ports, memorySections: settings.memorySections }),
    vectors: new QueryVectors({
      embedder: ports.embedder,
      breaker: breakers.gemini,
      timeoutMs: settings.embedTimeoutMs,
    }),
    turns: new Turns({
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
      allowOrigin(request, reply, rule);
      signAnswer(request, reply);
      sendProblem(reply, addressUnreadable());
    },
  });
  app.server.headersTimeout = 15_000;
  app.addHook('onRequest', (request, reply, done) => {
    signAnswer(request, reply);
    done();
  });
  return app;
}

/** What every answer carries. */
function signAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('referrer-policy', 'no-referrer');
}

const privateAddress = /^(?:::ffff:)?(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|^f[cd]|^::1$/i;

function isPrivateAddress(address: string): boolean {
  return privateAddress.test(address);
}

/** Where the book is read: a published site before one that runs on a developer's machine. */
function frontendOf(origins: readonly string[]): string | null {
  const exact = origins.filter((origin) => !origin.includes('*'));
  return exact.find((origin) => origin.startsWith('https://')) ?? exact[0] ?? null;
}
