import { expect, it } from 'vitest';
import { diagnoseDatabases } from '../../../wizard/diagnosis/diagnose-database.ts';
import { Secret } from '../../../wizard/model/secret.ts';

it('database-unclaimed names the hours that are left, and not the link', () => {
  const link = new Secret('https://neon.new/database/0123-4567');
  const now = Date.UTC(2026, 0, 1);
  const expiresAt = new Date(now + 5.5 * 3_600_000);
  const [finding, ...more] = diagnoseDatabases([{ link, expiresAt, isGone: false }], { now });
  expect([finding?.code, more]).toEqual(['database-unclaimed', []]);
  expect(finding?.message).toContain('gone in 5 hours');
  expect(JSON.stringify(finding)).not.toContain('0123-4567');
  expect(diagnoseDatabases([], { now })).toEqual([]);
});

it('database-expired says when it ended, and is reported for a month', () => {
  const link = new Secret('https://neon.new/database/0123-4567');
  const expiresAt = new Date(Date.UTC(2026, 0, 1));
  const at = (day: number) =>
    diagnoseDatabases([{ link, expiresAt, isGone: true }], { now: Date.UTC(2026, 0, day) });
  expect(at(5)).toMatchObject([
    { code: 'database-expired', message: expect.stringContaining('2026-01-01'), remedy: expect.any(String) },
  ]);
  expect(JSON.stringify(at(5))).not.toContain('0123-4567');
  expect(at(40)).toEqual([]);
});
