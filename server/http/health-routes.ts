import type { FastifyInstance, FastifyReply } from 'fastify';
import { allotmentUsed, type Allotment } from '../chat/budget/allotment.ts';
import type { MessageStore } from '../chat/conversation/message-store.ts';
import type { CircuitBreaker } from '../chat/resilience/circuit-breaker.ts';
import { failedCheck, type CheckResult, type ExternalService } from '../chat/service-check.ts';
import type { HealthReport } from '../contract.ts';
import type { ServerFailure } from '../failure.ts';
import { settleWithin } from '../chat/resilience/deadline.ts';
import type { HealthMonitor } from './health-monitor.ts';

export type HealthOptions = {
  monitor: Pick<HealthMonitor, 'results' | 'settled'>;
  /** What the platform allows; null where it sets no limit. */
  allotment: Pick<Allotment, 'isUsedUp' | 'facts'> | null;
  /** How long a request waits for the first look at the services, in milliseconds. */
  firstLookMs: number;
  breakers: {
    gemini: CircuitBreaker;
    answers: CircuitBreaker;
    qdrant: CircuitBreaker;
    postgres: CircuitBreaker;
  };
  messageStore: Pick<MessageStore, 'backlog' | 'failure'>;
  /** Whether PostgreSQL may be waking: what waits for it has not failed. */
  isWaking: () => boolean;
  /** Invalid settings that block no service. */
  invalidSettings: readonly ServerFailure[];
  deploymentId: string | null;
  version: string;
  startedAt: Date;
};

const services: readonly ExternalService[] = ['qdrant', 'postgres', 'gemini'];
const paths = ['/api/health', '/health', '/api/v1/health'];
/** Characters of an address that are looked at. */
const maxPath = 200;

/** Health and liveness, which a server reports that answers nothing else. */
export function isHealthPath(url: string): boolean {
  const path = url
    .slice(0, maxPath)
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  return path === '/api/live' || paths.includes(path);
}

/** How long a report is reused, in milliseconds, so that frequent health checks cost next to nothing. */
const cacheMs = 100;

/** How long health stays degraded after a message was given up, in milliseconds. */
const lossShownMs = 3_600_000;

/** A status code and a JSON body. */
export type HealthResponse = { code: number; body: string };

/**
 * Health and liveness, answered from memory: they never call a service. Returns the function that makes the health
 * response, so that the early listener can send it too.
 */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): () => HealthResponse {
  let cached = { code: 503, body: '', until: 0 };
  const respond = (): HealthResponse => {
    const now = performance.now();
    if (now >= cached.until) {
      const report = reportHealth(options, new Date());
      const code = report.status === 'healthy' ? 200 : 503;
      cached = { code, body: JSON.stringify(report), until: now + cacheMs };
    }
    return cached;
  };
  const { monitor, firstLookMs } = options;
  const handler = async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> => {
    if (monitor.results === null && firstLookMs > 0)
      await settleWithin({ ms: firstLookMs }, monitor.settled());
    const { code, body } = respond();
    reply.code(code).header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return reply.send(body);
  };
  for (const path of paths) app.get(path, handler);
  app.get('/api/live', async () => ({ status: 'alive' }));
  return respond;
}

/** The current health: names, counts and causes, never an address, a key or a driver's message. */
function reportHealth(options: HealthOptions, now: Date): HealthReport {
  const about = {
    deployment_id: options.deploymentId,
    version: options.version,
    uptime_seconds: Math.round((now.getTime() - options.startedAt.getTime()) / 1000),
    timestamp: now.toISOString(),
  };
  const hosting = hostingState(options.allotment);
  if (options.allotment?.isUsedUp() === true)
    return {
      status: 'degraded',
      services: { fastapi: 'ok', ...hosting },
      failed_services: ['hosting'],
      ...about,
    };
  const { results } = options.monitor;
  if (results === null) return { status: 'starting', message: 'Application is still initializing', ...about };
  const checked = Object.fromEntries(
    [...results].map(([service, result]) => [service, withBreaker(service, result, options)]),
  ) as Record<ExternalService, CheckResult>;
  const { pending, lost } = options.messageStore.backlog;
  const current = { ...checked, postgres: withStoring(checked.postgres, options, now) };
  const failed: string[] = services.filter((service) => !current[service].ok);
  const settings = settingsState(options.invalidSettings);
  if (settings !== null) failed.push('settings');
  const bothStoresFailed = failed.includes('qdrant') && failed.includes('postgres');
  return {
    status: failed.length === 0 ? 'healthy' : bothStoresFailed ? 'unhealthy' : 'degraded',
    services: {
      fastapi: 'ok',
      qdrant: wireResult(current.qdrant),
      postgres: { ...wireResult(current.postgres), waiting: pending, lost },
      gemini: wireResult(current.gemini),
      ...(settings === null ? {} : { settings }),
      ...hosting,
    },
    ...(failed.length === 0 ? {} : { failed_services: failed }),
    ...about,
  };
}

/** What the platform allows and how much of it is used; empty where it sets no limit. */
function hostingState(allotment: HealthOptions['allotment']): {
  hosting?: { status: string; [key: string]: unknown };
} {
  if (allotment === null) return {};
  const facts = allotment.facts();
  const { code, message, remedy } = allotmentUsed;
  return {
    hosting: allotment.isUsedUp()
      ? { status: code, ...facts, error: message, recommended_action: remedy }
      : { status: 'ok', ...facts },
  };
}

/** Null when no setting is invalid. */
function settingsState(
  invalidSettings: readonly ServerFailure[],
): { status: string; [key: string]: unknown } | null {
  if (invalidSettings.length === 0) return null;
  const join = (key: 'message' | 'remedy'): string =>
    invalidSettings.map((failure) => failure[key]).join(' ');
  return { status: 'not usable', error: join('message'), recommended_action: join('remedy') };
}

/** An open circuit breaker is newer than the last check, which may be half a minute old. */
function withBreaker(
  service: ExternalService,
  result: CheckResult,
  { breakers, isWaking }: Pick<HealthOptions, 'breakers' | 'isWaking'>,
): CheckResult {
  const failure =
    service === 'gemini'
      ? (breakers.answers.openFailure ?? breakers.gemini.openFailure)
      : breakers[service].openFailure;
  if (failure === null || !result.ok) return result;
  if (service === 'postgres' && isWaking()) return { ...result, status: 'waking' };
  const { code, message, remedy } = failure;
  return { ok: false, status: code, error: message, remedy, facts: result.facts };
}

/** A database that answers but cannot store is not connected, and a message that was given up is worth a look. */
function withStoring(
  result: CheckResult,
  { messageStore: { failure, backlog }, isWaking }: Pick<HealthOptions, 'messageStore' | 'isWaking'>,
  now: Date,
): CheckResult {
  if (!result.ok) return result;
  if (failure !== null)
    return isWaking() ? { ...result, status: 'waking' } : failedCheck(failure, result.facts);
  const { lost, lostAt } = backlog;
  if (lostAt === null || now.getTime() - lostAt.getTime() > lossShownMs) return result;
  return {
    ok: false,
    status: 'messages-lost',
    error: `${lost} messages could not be stored.`,
    remedy: 'Look at the log of the Space: it names each of them, and why the database took none.',
    facts: result.facts,
  };
}

function wireResult(result: CheckResult | undefined): { status: string; [key: string]: unknown } {
  if (result === undefined) return { status: 'unknown' };
  return result.ok
    ? { status: result.status, ...result.facts }
    : { status: result.status, ...result.facts, error: result.error, recommended_action: result.remedy };
}
