import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../../../server/chat/resilience/circuit-breaker.ts';
import type { CheckResult, ExternalService } from '../../../server/chat/ports.ts';
import { healthRoutes } from '../../../server/http/health-routes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a clock that is set back does not make health say the same for the time that it lost', () => {
  const fine: CheckResult = { ok: true, status: 'connected', facts: {} };
  const results = new Map<ExternalService, CheckResult>([
    ['qdrant', fine],
    ['postgres', fine],
    ['gemini', fine],
  ]);
  const breaker = new CircuitBreaker({ service: 'x' });
  const health = healthRoutes(Fastify(), {
    monitor: { results },
    breakers: { gemini: breaker, answers: breaker, qdrant: breaker, postgres: breaker },
    turns: { backlog: { waiting: 0, lost: 0 } },
    invalidSettings: [],
    deploymentId: null,
    version: 'test',
    startedAt: new Date(),
  });
  expect(health().code).toBe(200);
  results.set('gemini', { ok: false, status: 'disconnected', error: 'It is away.', remedy: 'Wait.' });
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(1_000);
  expect(health().code).toBe(503);
});
