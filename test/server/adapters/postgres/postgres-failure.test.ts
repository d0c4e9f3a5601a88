import { expect, it } from 'vitest';
import { postgresFailure } from '../../../../server/adapters/postgres/postgres-failure.ts';

const failed = (code: string, message: string) =>
  postgresFailure(Object.assign(new Error(message), { code, severity: 'ERROR' }));

it('says why the database runs no statement, in its own words', () => {
  const reason = 'column "turn_id" of relation "messages" does not exist';
  expect(failed('42703', reason)).toMatchObject({
    code: 'postgres-unable',
    message: expect.stringContaining(reason),
  });
  expect(failed('XX000', 'You exceeded the quota of your plan.').message).toMatch(/quota of your plan\.$/);
});

it('quotes no value, which may be a reader’s, and no address', () => {
  expect(failed('22P02', 'invalid input syntax for type uuid: "what a reader wrote"').message).not.toContain(
    'reader',
  );
  expect(failed('23505', 'duplicate key value: a reader').message).not.toContain('reader');
  expect(failed('58000', 'could not connect to postgresql://me:pw-canary@host/db').message).not.toContain(
    'canary',
  );
});
