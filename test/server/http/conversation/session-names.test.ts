import { expect, test } from 'vitest';
import {
  isRandomName,
  sessionScope,
  strongestName,
} from '../../../../server/http/conversation/session-names.ts';

const uuid = '3f2b8c1e-94d7-4a60-b5e2-7c90ad13f486';

test.each([
  uuid,
  uuid.toUpperCase(),
  uuid.replaceAll('-', ''),
  `session-${uuid.replaceAll('-', '')}`,
  'V1StGXR8_Z5jdHi6B-myT',
  'k3j9x2m1q8w7e5r4t6y2',
  'chat_9f86d081884c7d659a2feaa0c55ad015',
])('%s is random', (name) => {
  expect(isRandomName(name)).toBe(true);
});

test.each([
  'user-1',
  'default',
  'session-1712345678901',
  'session_1712345678901_k3j9x2m1q',
  '2025-11-28T22:53:55.123Z-reader',
  '00000000-0000-0000-0000-000000000001',
  '12345678-1234-1234-1234-123456789abc',
  '11111111-1111-4111-8111-111111111111',
  'MyFavouriteRobotSession',
  'chapter1section2page3',
  'user1234567890abcd',
  'anonymous-anonymous-anonymous',
  'aaaaaaaaaaaaaaaaaaaaaaaa',
  '1234567890123456789012',
  'a1a1a1a1a1a1a1a1a1a1',
])('%s may be another reader’s name as well', (name) => {
  expect(isRandomName(name)).toBe(false);
});

const at = (network: string, origin: string | undefined = 'https://book.example') => ({
  origin,
  client: { network },
});

test('a random name is kept on another network, but not on another page', () => {
  expect(sessionScope(uuid, at('203.0.113.1'))).toBe(sessionScope(uuid, at('198.51.100.7')));
  expect(sessionScope(uuid, at('203.0.113.1'))).not.toBe(
    sessionScope(uuid, at('203.0.113.1', 'https://b.example')),
  );
});

test('another long name is one reader’s on one network, and a short one is no one’s', () => {
  const name = 'session-1712345678901';
  expect(sessionScope(name, at('203.0.113.1'))).toBe(sessionScope(name, at('203.0.113.1')));
  expect(sessionScope(name, at('203.0.113.1'))).not.toBe(sessionScope(name, at('203.0.113.2')));
  for (const short of ['user-1', 'default', '1', 'session-123', '']) {
    expect(sessionScope(short, at('203.0.113.1'))).toBeNull();
  }
});

test('of several names the hardest to guess counts', () => {
  expect(strongestName(['user-1', 'session-1712345678901', uuid])).toBe(uuid);
  expect(strongestName(['user-1', 'user-2'])).toBe('user-1');
  expect(strongestName([])).toBeUndefined();
});
