import { expect, test } from 'vitest';
import { limitVariables } from '../../../../wizard/deployment/server/chat-limits.ts';
import { marker } from '../../../../wizard/hosting/fingerprint.ts';

const retentionOf = (variables: Partial<Record<string, string>>): string | undefined =>
  variables['CHAT_RETENTION_DAYS'];
const written = (value: string) => ({ CHAT_RETENTION_DAYS: { value, description: marker } });

test('a new deployment with an empty database keeps conversations for 90 days, any other for ever', () => {
  const options = { current: {}, isNew: true };
  expect(retentionOf(limitVariables({}, { ...options, hasEmptyDatabase: true }))).toBe('90');
  expect(retentionOf(limitVariables({}, options))).toBeUndefined();
  const update = { current: {}, isNew: false, hasEmptyDatabase: true };
  expect(retentionOf(limitVariables({}, update))).toBeUndefined();
  expect(retentionOf(limitVariables({ proposesLimits: true }, update))).toBeUndefined();
});

test.each([
  ['none', {}, '30', undefined],
  ['for ever', written('0'), '30', '0'],
  ['longer', written('90'), '30', '90'],
  ['shorter', written('20'), '30', '30'],
  ['shorter, and kept for ever then', written('20'), '0', '0'],
])('an unattended update does not shorten a retention: %s', (_, current, wanted, expected) => {
  const settings = { limits: { CHAT_RETENTION_DAYS: wanted } };
  expect(retentionOf(limitVariables(settings, { current, isNew: false }))).toBe(expected);
  expect(retentionOf(limitVariables({ ...settings, proposesLimits: true }, { current, isNew: false }))).toBe(
    wanted,
  );
});
