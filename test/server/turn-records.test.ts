/** What is kept with each answer, by how it came about. */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { unpackVector } from '../../server/collection/packed-vector.ts';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
let server: RunningServer;
let client: pg.Client;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await startServer({ environment: vendors.environment });
  client = new pg.Client(vendors.postgres.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
  await vendors.close();
});
beforeEach(() => vendors.faults.clear());

type Row = Record<string, unknown> & { vector: Buffer | null };

/** The record of a question, once it is stored. */
async function recordOf(message: string): Promise<Row> {
  for (;;) {
    const { rows } = await client.query<Row>(
      `select turn.* from rag_turns as turn join messages on messages.id = turn.turn_id where messages.content = $1`,
      [message],
    );
    if (rows[0] !== undefined) return rows[0];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('an answer is kept with its scores, sections, time, tokens, place and vector', async () => {
  const message = 'How far does a small lidar measure?';
  const place = { page: '/docs/sensors/lidar', locale: 'en', docsVersion: '2.1' };
  await askServer(server.url, { message, ...place });
  const { vector, ...record } = await recordOf(message);
  expect(record).toMatchObject({
    verdict: 'answered',
    strategies: ['hybrid'],
    cited: ['/docs/sensors/lidar#range'],
    page: '/docs/sensors/lidar',
    version: '2.1',
    locale: 'en',
  });
  expect((record['nearest'] as string[])[0]).toBe('/docs/sensors/lidar#range');
  for (const name of ['cosine', 'coverage', 'ms', 'input_tokens', 'output_tokens'])
    expect([name, record[name]]).toEqual([name, expect.any(Number)]);
  const { vector: again } = await recordOf(message);
  expect(vector).toHaveLength(768);
  expect(unpackVector(vector!)).toEqual(unpackVector(again!));
  expect(Math.hypot(...unpackVector(vector!))).toBeCloseTo(1, 5);
});

test('a refusal is kept with the nearest sections, and costs no tokens', async () => {
  const message = 'How many eggs does a chocolate cake need?';
  await askServer(server.url, { message });
  expect(await recordOf(message)).toMatchObject({
    verdict: 'refused',
    strategies: ['hybrid', 'refused'],
    cited: [],
    input_tokens: null,
    page: null,
  });
});

test('a reader who leaves is kept as one who stopped the answer', async () => {
  const message = 'How far does a slow small lidar measure?';
  const pieces = ['A lidar ', ...Array.from({ length: 20 }, () => 'measures ')];
  vendors.gemini.controls['script']?.({ pieces, delayMs: 400 });
  const reader = new AbortController();
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'general', message }),
    signal: reader.signal,
  });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('A lidar')) break;
  }
  reader.abort();
  expect(await recordOf(message)).toMatchObject({ verdict: 'stopped', strategies: ['hybrid'] });
});

test('an answer from the book alone and one that failed are kept as such', async () => {
  vendors.faults.add({ call: 'gemini.*', kind: { type: 'status', status: 503 } });
  const extractive = 'How far does an old small lidar measure?';
  await askServer(server.url, { message: extractive });
  expect(await recordOf(extractive)).toMatchObject({
    verdict: 'extractive',
    strategies: ['lexical', 'extractive'],
    cited: expect.arrayContaining(['/docs/sensors/lidar#range']),
    vector: null,
    cosine: null,
  });
  const failed = 'Hello there';
  await askServer(server.url, { message: failed });
  expect(await recordOf(failed)).toMatchObject({ verdict: 'failed', cited: [] });
  const { rows } = await client.query(
    `select role from messages where conversation_id = (select conversation_id from messages where content = $1)`,
    [failed],
  );
  expect(rows).toEqual([{ role: 'user' }]);
});
