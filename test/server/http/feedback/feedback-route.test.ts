import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { askServer } from '../../reference-client.ts';
import { sampleSections } from '../../sample-sections.ts';
import { startServer, type RunningServer } from '../../start-server.ts';
import { startVendors, writeBook, type Vendors } from '../../vendors.ts';

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

async function send(body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as object };
}

async function answerOf(message: string): Promise<string> {
  const { events } = await askServer(server.url, { message });
  return String(events.at(-1)?.['message_id']);
}

const rowsOf = async (messageId: string): Promise<unknown[]> =>
  (await client.query('select rating, tag, note from rag_feedback where message_id = $1', [messageId])).rows;

test('an answer is rated at once, and a later rating replaces an earlier one', async () => {
  const id = await answerOf('How far does a rated lidar measure?');
  const first = await send({ message_id: id, rating: 'down', tag: 'wrong', note: 'It is thirteen.' });
  expect(first).toMatchObject({ status: 200, body: { message_id: id, rating: 'down', status: 'stored' } });
  expect(first.headers.get('cache-control')).toContain('no-store');
  expect(await rowsOf(id)).toEqual([{ rating: 'down', tag: 'wrong', note: 'It is thirteen.' }]);
  expect((await send({ message_id: id.toUpperCase(), rating: 'up' })).status).toBe(200);
  expect(await rowsOf(id)).toEqual([{ rating: 'up', tag: null, note: null }]);
});

test('what the database does not store is left out of a note', async () => {
  const id = await answerOf('How far does a noted lidar measure?');
  const note = `a\u0000b\ud800`;
  expect(await send({ message_id: id, rating: 'down', tag: 'w\u0000', note })).toMatchObject({ status: 200 });
  expect(await rowsOf(id)).toEqual([{ rating: 'down', tag: 'w', note: 'ab\ufffd' }]);
});

test('only an answer that the server gave can be rated', async () => {
  expect(await send({ message_id: randomUUID(), rating: 'up' })).toMatchObject({
    status: 404,
    body: { error_code: 'message-unknown' },
  });
  await answerOf('How far does an unrated lidar measure?');
  await expect
    .poll(async () => {
      const { rows } = await client.query("select id from messages where role = 'user' limit 1");
      return rows.length;
    })
    .toBe(1);
  const { rows } = await client.query<{ id: string }>("select id from messages where role = 'user' limit 1");
  expect((await send({ message_id: rows[0]!.id, rating: 'up' })).status).toBe(404);
});

test.each([
  {},
  { rating: 'up' },
  { message_id: 'x', rating: 'up' },
  { message_id: randomUUID(), rating: 'fine' },
  { message_id: randomUUID(), rating: 'up', tag: 't'.repeat(41) },
  { message_id: randomUUID(), rating: 'up', note: 'n'.repeat(2_001) },
  { message_id: randomUUID(), rating: 'up', note: { $gt: '' } },
  null,
  [1],
])('feedback that cannot be read gets 422: %j', async (body) => {
  expect(await send(body)).toMatchObject({ status: 422, body: { error_code: expect.any(String) } });
});

test('a page of another site may not rate, and an address has the rate of its questions', async () => {
  const id = randomUUID();
  const foreign = await send({ message_id: id, rating: 'up' }, { origin: 'https://evil.example' });
  expect(foreign).toMatchObject({ status: 403, body: { error_code: 'origin-not-allowed' } });
  const from = { origin: 'https://book.example', 'x-forwarded-for': '203.0.113.50' };
  const ratings = Array.from({ length: 45 }, () => send({ message_id: id, rating: 'up' }, from));
  const statuses = (await Promise.all(ratings)).map(({ status }) => status);
  // All at once: a slow machine refills the bucket between one and the next.
  expect(new Set(statuses)).toEqual(new Set([404, 429]));
  expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(30);
});
