import { afterAll, beforeAll, expect, test } from 'vitest';
import { widgetFile } from '../../../server/widget/widget-files.ts';
import { healthReport } from '../../../server/contract.ts';
import {
  canonicalRequest,
  conversationSchema,
  errorSchema,
  wireEventSchema,
} from '../../../server/http/openapi-routes.ts';
import { askServer } from '../reference-client.ts';
import { sampleSections } from '../sample-sections.ts';
import { startServer, type RunningServer } from '../start-server.ts';
import { startVendors, writeBook, type Vendors } from '../vendors.ts';

let vendors: Vendors;
let server: RunningServer;
const get = async (path: string): Promise<unknown> => (await fetch(`${server.url}${path}`)).json();

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await startServer({ environment: vendors.environment });
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

test('the responses match the document', async () => {
  const { events } = await askServer(server.url, { message: 'How far does a small lidar measure?' });
  for (const event of events) wireEventSchema.parse(event);
  conversationSchema.parse(await get(`/api/conversation/${events[0]!.conversation_id}`));
  healthReport.parse(await get('/api/health'));
  errorSchema.parse(await get('/nope'));
});

const uuid = '11111111-1111-1111-1111-111111111111';

test.each([
  { message: 'x' },
  {
    message: 'a'.repeat(2_000),
    mode: null,
    context: null,
    conversation_id: null,
    history: null,
    stream: null,
  },
  { message: 'x', mode: 'selection', context: 'A marked text.', conversation_id: uuid },
  { message: 'x', history: [{ role: 'user', content: 'y' }], stream: false },
  {},
  { message: '' },
  { message: ' \n' },
  { message: 'a'.repeat(2_001) },
  { message: 7 },
  { message: 'x', mode: 'other' },
  { message: 'x', mode: 7 },
  { message: 'x', conversation_id: 'abc' },
  { message: 'x', conversation_id: 7 },
])('a question is answered exactly if the schema accepts it: %j', async (body) => {
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  const { status } = await fetch(`${server.url}/api/chat`, request);
  expect(status).toBe(canonicalRequest.safeParse(body).success ? 200 : 422);
});

test('every path in the document answers', async () => {
  const { paths } = (await get('/openapi.json')) as { paths: Record<string, Record<string, unknown>> };
  for (const [path, methods] of Object.entries(paths))
    for (const method of Object.keys(methods)) {
      const id = '00000000-0000-4000-8000-000000000000';
      const url =
        server.url +
        path
          .replace('{id}', id)
          .replace('{path}', 'docs/sensors/lidar')
          .replace('{digest}', widgetFile().digest);
      const body = method === 'post' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {};
      const { status } = await fetch(url, { method: method.toUpperCase(), ...body });
      expect([path, [200, 400, 422].includes(status)]).toEqual([path, true]);
    }
});

test.each(['/chat', '/api/ask', '/api/v1/chat/query'])(
  '%s answers a question as its frontends read it',
  async (path) => {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'How far does a small lidar measure?' }),
    });
    const body = (await response.json()) as { answer: string; sources: unknown[] };
    expect(body.answer).toContain('twelve metres');
    expect(body.sources[0]).toMatch(/\/docs\/sensors\/lidar#range$/);
  },
);
