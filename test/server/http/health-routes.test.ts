import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../../../server/chat/resilience/circuit-breaker.ts';
import type { CheckResult, ExternalService } from '../../../server/chat/service-check.ts';
import { healthRoutes } from '../../../server/http/health-routes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a clock that is set back does not freeze the report', () => {
  const healthy: CheckResult = { ok: true, status: 'connected', facts: {} };
  const results = new Map<ExternalService, CheckResult>([
    ['qdrant', healthy],
    ['postgres', healthy],
    ['gemini', healthy],
  ]);
  const breaker = new CircuitBreaker({ service: 'x' });
  const health = healthRoutes(Fastify(), {
    monitor: { results, settled: () => Promise.resolve() },
    allotment: null,
    firstLookMs: 0,
    breakers: { gemini: breaker, answers: breaker, qdrant: breaker, postgres: breaker },
    messageStore: { backlog: { pending: 0, lost: 0, lostAt: null }, failure: null },
    isWaking: () => false,
    invalidSettings: [],
    deploymentId: null,
    version: 'test',
    startedAt: new Date(),
  });
  const { services } = JSON.parse(health().body) as { services: Record<string, unknown> };
  expect([health().code, services['postgres']]).toEqual([200, { status: 'connected', waiting: 0, lost: 0 }]);
  results.set('gemini', { ok: false, status: 'disconnected', error: 'It is away.', remedy: 'Wait.' });
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(1_000);
  expect(health().code).toBe(503);
});
