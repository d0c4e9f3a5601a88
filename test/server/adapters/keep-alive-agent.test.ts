import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
