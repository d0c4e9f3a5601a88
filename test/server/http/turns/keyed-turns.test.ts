import { expect, test } from 'vitest';
import { turnKey } from '../../../../server/http/turns/keyed-turns.ts';

const scope = { header: 'key', origin: undefined, network: '198.51.100.0', names: [] };

test('the same question with the same key is one turn, another is not', () => {
  const [first, again, other] = ['a', 'a', 'b'].map((message) => turnKey({ ...scope, body: { message } }));
  expect(first).toBe(again);
  expect(first).not.toBe(other);
});

test('a body that is nested too deeply to be compared has no key', () => {
  let body: unknown = 'x';
  for (let level = 0; level < 100_000; level += 1) body = [body];
  expect(turnKey({ ...scope, body })).toBeNull();
});
