import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createGeminiAnswers } from '../../../server/adapters/gemini/gemini-answers.ts';
import { geminiCheck } from '../../../server/adapters/gemini/gemini-check.ts';
import { createGeminiEmbedder } from '../../../server/adapters/gemini/gemini-embedder.ts';
import { createKeepAliveAgent, type KeepAliveAgent } from '../../../server/adapters/keep-alive-agent.ts';
import { createQdrantStore } from '../../../server/adapters/qdrant/qdrant-store.ts';

const { signal } = new AbortController();
let server: Server;
let url: string;
let agent: KeepAliveAgent;
let connections = 0;

/** Answers each call with as much as our clients need to continue. */
const answers: [RegExp, string][] = [
  [/\/points\/query$/, '{"result":{"points":[]}}'],
  [/\/points\/count$/, '{"result":{"count":0}}'],
  [/\/points$/, '{"result":[]}'],
  [/\/collections\//, '{"result":{"points_count":0,"config":{"params":{"vectors":{"size":1}}}}}'],
  [/:embedContent$/, '{"embedding":{"values":[1]}}'],
  [/streamGenerate/, 'data: {"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}\n\n'],
  [/\/models\//, '{"name":"x"}'],
];

beforeEach(async () => {
  connections = 0;
  server = createServer((request, response) => {
    request.resume();
    response.end(answers.find(([path]) => path.test(request.url ?? ''))?.[1]);
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  agent = createKeepAliveAgent({ origin: url });
});
afterEach(() => {
  agent.close();
  server.close();
});

test('the check of Qdrant at a start opens the connection that the first question uses', async () => {
  const store = createQdrantStore({ url, apiKey: null, collection: 'book' });
  await store.describe({ signal });
  const before = connections;
  await store.searchDense({ vector: [1], limit: 1, signal });
  expect([before, connections]).toEqual([1, 1]);
});

test('the check of Gemini opens those for the embedding and the answer', async () => {
  const gemini = { apiKey: 'key', baseUrl: url, agent };
  await geminiCheck({ ...gemini, answerModel: 'a', embeddingModel: 'e' }).check({ signal });
  const before = connections;
  await createGeminiEmbedder({ ...gemini, model: 'e', dimensions: 1 }).embedQuery({ text: 'x', signal });
  const prompt = { system: '', contents: [] };
  for await (const piece of createGeminiAnswers({ ...gemini, model: 'a' }).stream({ prompt, signal }))
    expect(piece.type).toBeDefined();
  expect([before, connections]).toEqual([2, 2]);
});

/** Moments at which a caller may abort, from the first piece of a body to after its end. */
const moments: [name: string, when: (message: IncomingMessage, abort: () => void) => unknown][] = [
  ['at the first piece', (message, abort) => message.once('data', abort)],
  ['a tick later', (message, abort) => message.once('data', () => process.nextTick(abort))],
  ['a turn later', (message, abort) => message.once('data', () => setImmediate(abort))],
  ['at the end', (message, abort) => message.resume().once('end', abort)],
  ['a tick after the end', (message, abort) => message.resume().once('end', () => process.nextTick(abort))],
  ['a turn after the end', (message, abort) => message.resume().once('end', () => setImmediate(abort))],
];

test.each(moments)('an abort %s of a complete response is no error', async (_name, when) => {
  const errors: unknown[] = [];
  const note = (error: unknown): void => void errors.push(error);
  process.on('uncaughtExceptionMonitor', note);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note));
  const aborted = new AbortController();
  const request = { url: `${url}/models/x`, method: 'GET', headers: {}, signal: aborted.signal };
  const message = await agent.open(request);
  message.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    when(message, () => {
      aborted.abort(new Error('every reader has left'));
      resolve();
    });
  });
  await sleep(20);
  expect(errors).toEqual([]);
});
