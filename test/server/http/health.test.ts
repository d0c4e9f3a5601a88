import Fastify from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Breaker } from '../../../server/chat/breaker.ts';
import type { CheckResult, Service } from '../../../server/chat/ports.ts';
import { healthRoutes } from '../../../server/http/health.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a clock that is set back does not make health say the same for the time that it lost', () => {
  const fine: CheckResult = { ok: true, status: 'connected', facts: {} };
  const results = new Map<Service, CheckResult>([
    ['qdrant', fine],
    ['postgres', fine],
    ['gemini', fine],
  ]);
  const breaker = new Breaker({ service: 'x' });
  const health = healthRoutes(Fastify(), {
    watch: { results },
    breakers: { gemini: breaker, answers: breaker, qdrant: breaker, postgres: breaker },
    turns: { backlog: { waiting: 0, lost: 0 } },
    unusable: [],
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
