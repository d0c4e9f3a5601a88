import { expect, test } from 'vitest';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';
import { isSessionId, SessionIds } from '../../../../server/http/conversation/session-ids.ts';

const clock = { now: 0 };
type KeyRequest = { proposal: Buffer };

function idsOver(sessionKey: (request: KeyRequest) => Promise<Buffer>): {
  ids: SessionIds;
  logged: unknown[];
} {
  const logged: unknown[] = [];
  const breaker = new CircuitBreaker({ service: 'postgres', now: () => clock.now });
  const log = (failure: unknown): void => void logged.push(failure);
  return { ids: new SessionIds({ store: { sessionKey }, breaker, waitMs: 200, log }), logged };
}
const keyed = (key: string): SessionIds => idsOver(() => Promise.resolve(Buffer.from(key))).ids;

test('a session has the same id with the same key, and another with another key', async () => {
  const id = await keyed('one').idOf('session-1712');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(await keyed('one').idOf('session-1712')).toBe(id);
  expect(await keyed('one').idOf('session-1713')).not.toBe(id);
  expect(await keyed('two').idOf('session-1712')).not.toBe(id);
  expect([isSessionId(id), isSessionId(crypto.randomUUID())]).toEqual([true, false]);
});

test('a key that arrives a moment later is waited for', async () => {
  const slow = () => new Promise<Buffer>((resolve) => setTimeout(() => resolve(Buffer.from('one')), 5));
  expect(await idsOver(slow).ids.idOf('a')).toBe(await keyed('one').idOf('a'));
});

test('a session that began while the database was down keeps its id; later ones use the stored key', async () => {
  let isAway = true;
  const { ids, logged } = idsOver(() =>
    isAway ? Promise.reject(new Error('away')) : Promise.resolve(Buffer.from('one')),
  );
  const [first, other] = [await ids.idOf('a'), await ids.idOf('b')];
  expect(other).not.toBe(first);
  expect(logged).toHaveLength(1);
  isAway = false;
  clock.now += 60_000;
  expect(await ids.idOf('c')).toBe(await keyed('one').idOf('c'));
  expect([await ids.idOf('a'), await ids.idOf('b')]).toEqual([first, other]);
});

test('a database without a key stores the one that was used meanwhile', async () => {
  const proposals: string[] = [];
  const { ids } = idsOver(({ proposal }) => {
    proposals.push(proposal.toString());
    return proposals.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve(proposal);
  });
  const id = await ids.idOf('a');
  clock.now += 60_000;
  const key = await ids.preloadKey();
  const { ids: later } = idsOver(() => Promise.resolve(key!));
  expect(await later.idOf('a')).toBe(id);
});

test('a database that does not answer is waited for once, not for each question', async () => {
  let calls = 0;
  const { ids } = idsOver(() => new Promise(() => (calls += 1)));
  const id = await ids.idOf('a');
  expect(await ids.idOf('a')).toBe(id);
  await Promise.all(['b', 'c', 'd'].map((session) => ids.idOf(session)));
  expect(calls).toBe(1);
});
