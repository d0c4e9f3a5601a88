import { expect, test } from 'vitest';
import { batchEvents } from '../../../../server/http/book/mcp-batch.ts';

test('other requests have a turn between two calls of a batch, which waits for its reader', async () => {
  let turn = 0;
  let timer = setImmediate(function next() {
    turn += 1;
    timer = setImmediate(next);
  });
  const turns: number[] = [];
  const calls = Array.from({ length: 50 }, (_call, message) => ({ message, withoutVectors: true }));
  const events = batchEvents(calls, ({ message }) => {
    turns.push(turn);
    return Promise.resolve(Response.json(message));
  });
  expect(await events.next()).toEqual({ done: false, value: 'event: message\ndata: 0\n\n' });
  expect(turns).toHaveLength(1);
  for await (const event of events) expect(event).toMatch(/^event: message\ndata: \d+\n\n$/);
  clearImmediate(timer);
  expect(new Set(turns).size).toBe(calls.length);
});
