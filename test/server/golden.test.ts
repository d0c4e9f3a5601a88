/**
 * The raw HTTP of the FastAPI original, replayed against us with the same scripted pieces. What the contract
 * wants better than the original (a 500 that should be a 400, say) is listed, not compared.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from './original-client.ts';
import { sampleSections } from './sample-sections.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

const path = fileURLToPath(new URL('../../../shared/reference/golden-transcripts.txt', import.meta.url));
const transcripts = existsSync(path) ? readFileSync(path, 'utf8') : null;
const origin = 'https://ai-humanoid-robot.vercel.app';
const message = 'How far does a small lidar measure?';

let vendors: Vendors;
let server: RunningServer;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await startServer({ environment: { ...vendors.environment, ALLOWED_ORIGINS: origin } });
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

/** One transcript's head and body; `title` is what stands behind the dashes. */
function golden(title: string): { head: string; body: string; events: Record<string, unknown>[] } {
  const [, part = ''] = (transcripts ?? '').split(`--- ${title}\n`);
  const [text = ''] = part.split(/^--- /m);
  const [head = '', ...rest] = text.startsWith('HTTP/') ? text.split('\n\n') : ['', text];
  const body = rest.join('\n\n').trim();
  const events = body
    .split('\n')
    .flatMap((line) =>
      line.startsWith('data: ') ? [JSON.parse(line.slice(6)) as Record<string, unknown>] : [],
    );
  return { head, body, events };
}

/** The four keys that the original knows, with ids and sources' contents left out. */
const shape = (events: readonly Record<string, unknown>[]): unknown[] =>
  events.map(({ type, content, sources, conversation_id: id }) => ({
    type,
    content,
    sources: Array.isArray(sources) ? 'list' : sources,
    id: type === 'metadata' ? typeof id : 'any',
  }));

test.skipIf(transcripts === null)(
  'a general answer, but for ids, sources and the keys that we add',
  async () => {
    const { events } = golden('POST chat general + Origin');
    const pieces = events.flatMap(({ type, content }) => (type === 'token' ? [String(content)] : []));
    vendors.gemini.knobs['script']!({ pieces });
    const ours = await ask(server.url, { message }, { headers: { origin } });
    expect(ours.text).toBe(pieces.join(''));
    expect(shape([ours.events[0]!, ours.events.at(-1)!])).toEqual(shape([events[0]!, events.at(-1)!]));
    const wanted = Object.keys((events.at(-1)!['sources'] as object[])[0]!);
    expect(Object.keys(ours.sources[0]!)).toEqual(expect.arrayContaining(wanted));
    expect(ours.response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(ours.response.headers.get('access-control-allow-credentials')).toBe('true');
  },
);

test.skipIf(transcripts === null)('a marked text has no sources', async () => {
  const { events } = golden('selection');
  const pieces = ['Physical AI ', 'is "embodied"\nAI ', '— ✓.'];
  vendors.gemini.knobs['script']!({ pieces });
  const ours = await ask(server.url, { message, mode: 'selection', context: 'A marked text.' });
  expect(ours.text).toBe(pieces.join(''));
  expect(ours.sources).toEqual(events.at(-1)!['sources']);
});

test.skipIf(transcripts === null).each([
  ['GET unknown conv', '/api/conversation/00000000-0000-4000-8000-000000000000', {}],
  ['404', '/nope', {}],
  ['GET /api/chat', '/api/chat', {}],
  ['preflight ok', '/api/chat', { method: 'OPTIONS', origin }],
  ['preflight bad origin', '/api/chat', { method: 'OPTIONS', origin: 'https://evil.example' }],
])('%s', async (title, route, { method = 'GET', origin: from }: { method?: string; origin?: string }) => {
  const { head, body } = golden(title);
  const headers: Record<string, string> =
    from === undefined
      ? {}
      : {
          origin: from,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        };
  const response = await fetch(`${server.url}${route}`, { method, headers });
  expect(response.status).toBe(Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]));
  const text = await response.text();
  if (body.startsWith('{')) expect(JSON.parse(text)).toMatchObject(JSON.parse(body) as object);
  else expect(text).toBe(body);
  for (const name of [
    'access-control-allow-origin',
    'access-control-allow-headers',
    'access-control-max-age',
  ])
    expect(response.headers.get(name)).toBe(new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? null);
});
