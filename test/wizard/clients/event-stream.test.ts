import { expect, it } from 'vitest';
import { readEventData } from '../../../wizard/clients/event-stream.ts';

async function read(text: string, size: number): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  }
  const events: string[] = [];
  for await (const data of readEventData(chunks())) events.push(data);
  return events;
}

const stream =
  ': hello\n\ndata: {"a":"größe – ✓"}\r\n\r\ndata:\n\nid: 4\ndata:{"b":2}\n\ndata: [1,\ndata: 2]\n\nevent: end\ndata: last';

it.each([1, 2, 3, 7, 1000])('reads events from chunks of %i bytes, wherever they are cut', async (size) => {
  expect(await read(stream, size)).toEqual(['{"a":"größe – ✓"}', '{"b":2}', '[1,\n2]', 'last']);
});
