import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { postgresFailure } from '../../../server/adapters/postgres/postgres-failure.ts';
import { logFailure } from '../../../server/http/log-failure.ts';

test('a failure is logged with its request', () => {
  const lines: string[] = [];
  const app = Fastify({ logger: { stream: { write: (line) => void lines.push(line) } } });
  logFailure(app.log, new Error('x'), { level: 'error', requestId: 'r-1' });
  expect(JSON.parse(lines.join(''))).toMatchObject({ level: 50, reqId: 'r-1', code: 'Error' });
});

function logged(...errors: unknown[]): Record<string, unknown>[] {
  const lines: string[] = [];
  const app = Fastify({ logger: { level: 'trace', stream: { write: (line) => void lines.push(line) } } });
  for (const error of errors) logFailure(app.log, error);
  expect(lines.join('')).not.toMatch(/ana|hunter2|db\.internal|log-failure\.test/);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const words = 'relation "turns" of ana:hunter2@db.internal does not exist';

test('a failure is logged by its codes, without the message of its cause', () => {
  const cause = Object.assign(new Error(words), { code: '23505' });
  expect(logged(postgresFailure(cause))).toMatchObject([
    { code: 'postgres-failed', cause: '23505', msg: 'PostgreSQL rejected a statement.' },
  ]);
});

test('an unexpected error is logged by its class', () => {
  const sentence = Object.assign(new TypeError(words), { code: words });
  expect(logged(sentence, words)).toMatchObject([
    { code: 'TypeError', msg: 'an unexpected TypeError' },
    { code: 'unknown', msg: 'an unexpected string' },
  ]);
});

test('a failure that an open breaker throws again is logged once', () => {
  const failure = postgresFailure(new Error(words));
  expect(logged(failure, failure)).toHaveLength(1);
});
