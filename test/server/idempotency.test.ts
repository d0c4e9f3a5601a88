/** A client that sends its question again, with and without an Idempotency-Key. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { answerStreams, soon, startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
let server: RunningServer;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await startServer(vendors);
});
afterEach(() => vendors.gemini.controls['script']!(null));
afterAll(async () => {
  await server.close();
  await vendors.close();
});

const question = { message: 'How far does a small lidar measure?' };
const calls = () =>
  vendors.record.list().filter(({ name }) => name === 'gemini.streamGenerateContent').length;
const keyed = (key: string, more: Record<string, string> = {}) => ({
  headers: { 'idempotency-key': key, 'x-forwarded-for': '203.0.113.1', ...more },
});

test('a retry gets the same turn: what was written so far, and then the rest', async () => {
  const pieces = ['One ', 'two ', 'three ', 'four.'];
  vendors.gemini.controls['script']!({ pieces, delayMs: 150 });
  const before = calls();
  const leaving = new AbortController();
  const first = askServer(server.url, question, { ...keyed('a'), signal: leaving.signal }).catch(() => null);
  await expect.poll(() => answerStreams(vendors).open, soon).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 250));
  leaving.abort();
  expect(await first).toBeNull();
  const second = await askServer(server.url, question, keyed('a'));
  const third = await askServer(server.url, question, keyed('a'));
  expect([second.text, third.text]).toEqual(['One two three four.', 'One two three four.']);
  const ids = [second, third].map(({ events }) => [events[0]!.conversation_id, events.at(-1)!['message_id']]);
  expect(ids[0]).toEqual(ids[1]);
  expect(calls()).toBe(before + 1);
});

test('the key is the reader’s: another network, page, body or conversation is another turn', async () => {
  const ask = async (body: object, init: object) =>
    (await askServer(server.url, body, init)).events[0]!.conversation_id;
  const first = await ask(question, keyed('b'));
  expect(await ask(question, keyed('b'))).toBe(first);
  const others = await Promise.all([
    ask(question, keyed('b', { 'x-forwarded-for': '203.0.113.2' })),
    ask(question, keyed('b', { origin: 'https://book.example' })),
    ask({ message: 'What is a gripper?' }, keyed('b')),
    ask(question, keyed('b', { 'x-session-id': crypto.randomUUID() })),
    ask(question, keyed('c')),
    ask(question, {}),
  ]);
  expect(new Set([first, ...others]).size).toBe(7);
});

test('at shutdown, the text of a turn whose reader has left is stored', async () => {
  const own = await startServer(vendors);
  vendors.gemini.controls['script']!({ pieces: ['One '], delayMs: 0, ending: 'hang' });
  const leaving = new AbortController();
  const before = answerStreams(vendors).open;
  const reply = fetch(`${own.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...keyed('e').headers },
    body: JSON.stringify({ ...question, mode: 'general' }),
    signal: leaving.signal,
  });
  const reader = (await reply).body!.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  while (!seen.includes('One')) seen += (await reader.read()).value ?? '';
  leaving.abort();
  expect(answerStreams(vendors).open).toBeGreaterThan(before);
  await own.close();
  const id = /"conversation_id":"([^"]+)"/.exec(seen)![1]!;
  const { messages } = (await (await fetch(`${server.url}/api/conversation/${id}`)).json()) as {
    messages: { content: string }[];
  };
  expect(messages.map(({ content }) => content)).toEqual([question.message, 'One ']);
});

test('a turn that failed is asked again', async () => {
  vendors.gemini.controls['script']!({ pieces: ['One ', ''], delayMs: 5, ending: 'cut' });
  const first = await askServer(server.url, question, keyed('d'));
  expect(first.events.map(({ type }) => type)).toContain('error');
  // The breaker is open, so the book's own sentences answer.
  const second = await askServer(server.url, question, keyed('d'));
  expect(second.events.map(({ type }) => type)).not.toContain('error');
  expect(second.text).toContain('twelve metres');
});
