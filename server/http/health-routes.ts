import type { FastifyInstance, FastifyReply } from 'fastify';
import type { CircuitBreaker } from '../chat/resilience/circuit-breaker.ts';
import type { CheckResult, ExternalService } from '../chat/ports.ts';
import type { MessageStore } from '../chat/message-store.ts';
import type { HealthReport } from '../contract.ts';
import type { Failure } from '../failure.ts';
import type { HealthMonitor } from './health-monitor.ts';

export type HealthOptions = {
  monitor: Pick<HealthMonitor, 'results'>;
  breakers: {
    gemini: CircuitBreaker;
    answers: CircuitBreaker;
    qdrant: CircuitBreaker;
    postgres: CircuitBreaker;
  };
  turns: Pick<MessageStore, 'backlog'>;
  /** Settings that are wrong and keep no service away. */
  invalidSettings: readonly Failure[];
  deploymentId: string | null;
  version: string;
  startedAt: Date;
};

const services: readonly ExternalService[] = ['qdrant', 'postgres', 'gemini'];
const paths = ['/api/health', '/health', '/api/v1/health'];

/** Milliseconds that one answer is given again: being hammered costs next to nothing. */
const cacheMs = 100;

/** What health answers now: a status and a JSON text. */
export type HealthResponse = { code: number; body: string };

/**
 * Health and liveness. Both answer from memory: asking them, however often, asks no service. Returns what health
 * answers, for who must answer it elsewhere too.
 */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): () => HealthResponse {
  let fresh = { code: 503, body: '', until: 0 };
  const answerNow = (): HealthResponse => {
    const now = performance.now();
    if (now >= fresh.until) {
      const report = reportHealth(options, new Date());
      const code = report.status === 'healthy' ? 200 : 503;
      fresh = { code, body: JSON.stringify(report), until: now + cacheMs };
    }
    return fresh;
  };
  const answer = (_request: unknown, reply: FastifyReply): void => {
    const { code, body } = answerNow();
    reply.code(code).header('cache-control', 'no-store').type('application/json; charset=utf-8');
    reply.send(body);
  };
  for (const path of paths) app.get(path, answer);
  app.get('/api/live', async () => ({ status: 'alive' }));
  return answerNow;
}

/** What health says now; names, counts and causes, never an address, a key or a driver's words. */
function reportHealth(options: HealthOptions, now: Date): HealthReport {
  const about = {
    deployment_id: options.deploymentId,
    version: options.version,
    uptime_seconds: Math.round((now.getTime() - options.startedAt.getTime()) / 1000),
    timestamp: now.toISOString(),
  };
  const { results } = options.monitor;
  if (results === null) return { status: 'starting', message: 'Application is still initializing', ...about };
  const found = Object.fromEntries(
    [...results].map(([service, result]) => [service, withBreaker(service, result, options.breakers)]),
  ) as Record<ExternalService, CheckResult>;
  const failed: string[] = services.filter((service) => !found[service].ok);
  const settings = settingsState(options.invalidSettings);
  if (settings !== null) failed.push('settings');
  const stores = failed.includes('qdrant') && failed.includes('postgres');
  return {
    status: failed.length === 0 ? 'healthy' : stores ? 'unhealthy' : 'degraded',
    services: {
      fastapi: 'ok',
      qdrant: wireResult(found.qdrant),
      postgres: { ...wireResult(found.postgres), ...options.turns.backlog },
      gemini: wireResult(found.gemini),
      ...(settings === null ? {} : { settings }),
    },
    ...(failed.length === 0 ? {} : { failed_services: failed }),
    ...about,
  };
}

/** Null when nothing is wrong. */
function settingsState(unusable: readonly Failure[]): { status: string; [key: string]: unknown } | null {
  if (unusable.length === 0) return null;
  const told = (key: 'message' | 'remedy'): string => unusable.map((failure) => failure[key]).join(' ');
  return { status: 'not usable', error: told('message'), recommended_action: told('remedy') };
}

/** A call that just failed knows more than a check of half a minute ago. */
function withBreaker(
  service: ExternalService,
  result: CheckResult,
  breakers: HealthOptions['breakers'],
): CheckResult {
  const open =
    service === 'gemini'
      ? (breakers.answers.openFailure ?? breakers.gemini.openFailure)
      : breakers[service].openFailure;
  if (open === null || !result.ok) return result;
  return { ok: false, status: open.code, error: open.message, remedy: open.remedy, facts: result.facts };
}

function wireResult(result: CheckResult | undefined): { status: string; [key: string]: unknown } {
  if (result === undefined) return { status: 'unknown' };
  return result.ok
    ? { status: result.status, ...result.facts }
    : { status: result.status, ...result.facts, error: result.error, recommended_action: result.remedy };
}
