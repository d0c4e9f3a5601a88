import { expect, test } from 'vitest';
import { createSseReader } from '../../../server/adapters/sse-reader.ts';

const stream = 'data: {"a":"é — ✓"}\r\n\r\n: comment\r\n\r\nevent: x\ndata: one\ndata:two\n\ndata: last';

test.each([1, 2, 3, 5, 1000])('events are complete with chunks of %d bytes', (size) => {
  const reader = createSseReader();
  const bytes = Buffer.from(stream);
  const events: string[] = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...reader.push(bytes.subarray(at, at + size)));
  expect([...events, ...reader.end()]).toEqual(['{"a":"é — ✓"}', 'one\ntwo', 'last']);
});

test('a line of three megabytes is complete with many small chunks', () => {
  const reader = createSseReader();
  const piece = Buffer.from('x'.repeat(150));
  reader.push(Buffer.from('data: '));
  for (let at = 0; at < 20_000; at += 1) reader.push(piece);
  expect(reader.push(Buffer.from('\r'))).toEqual([]);
  expect(reader.push(Buffer.from('\n\r\n')).map(({ length }) => length)).toEqual([3_000_000]);
});

test('an event without end is rejected', () => {
  const reader = createSseReader({ maxEvent: 10 });
  expect(() => reader.push(Buffer.from('data: more than ten'))).toThrow(RangeError);
});
