/** What must cost nothing: pages of other sites, and requests that belong to other servers. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBundle, type BundleProcess } from './running-bundle.ts';
import { sampleSections } from './sample-sections.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
let server: BundleProcess;
let database: pg.Client;
const site = 'https://book.example';
const question = 'How far does a small lidar measure?';

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await runBundle({
    ...vendors.environment,
    ALLOWED_ORIGINS: `${site},https://www.book.example,https://book-*.vercel.app`,
    LOG_LEVEL: 'trace',
    CHAT_PER_MINUTE: '0',
  });
  while ((await fetch(`${server.url}/api/health`)).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 50));
  database = new pg.Client({ connectionString: vendors.postgres.url });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await server.close();
  await vendors.close();
});

const modelCalls = (): number =>
  vendors.record
    .list()
    .filter(({ name }) => /^gemini\.(?:embed|batchEmbed|streamGenerate|generate)/.test(name)).length;
const rows = async (): Promise<number> =>
  Number((await database.query('select count(*) from messages')).rows[0].count);

/** What a request cost: its status, and whether the model was called or a row written. */
async function cost(path: string, init: RequestInit) {
  const [calls, stored] = [modelCalls(), await rows()];
  const response = await fetch(`${server.url}${path}`, { method: 'POST', ...init });
  const text = await response.text();
  if (response.ok)
    while ((await rows()) < stored + 2) await new Promise((resolve) => setTimeout(resolve, 10));
  return {
    status: response.status,
    calls: modelCalls() > calls,
    rows: (await rows()) > stored,
    allowed: response.headers.get('access-control-allow-origin'),
    text,
  };
}

test.each(['/api/session', '/chat/start', '/api/v1/sessions/new'])(
  'a chat opens its session at %s, with no body and at no cost',
  async (path) => {
    const headers = { 'content-type': 'application/json', origin: site };
    const before = modelCalls();
    const response = await fetch(`${server.url}${path}`, { method: 'POST', headers });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ session_id: expect.stringMatching(/^[\da-f-]{36}$/) });
    expect(modelCalls()).toBe(before);
  },
);

const sameOrigin = { 'sec-fetch-site': 'same-origin' };

test.each<[who: string, headers: Record<string, string>, status: number]>([
  ['a foreign page', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['the server’s own page', { origin: 'https://ana-book.hf.space', ...sameOrigin }, 200],
  [
    'its page behind a proxy that changes Host',
    { origin: 'https://chat.school.example', ...sameOrigin },
    200,
  ],
  ['the book', { origin: site, 'sec-fetch-site': 'cross-site' }, 200],
  ['an alias', { origin: 'https://www.book.example' }, 200],
  ['a preview', { origin: 'https://book-git-x-ana.vercel.app' }, 200],
  ['the book through a rewrite', { origin: site, ...sameOrigin, 'x-forwarded-for': '76.76.21.21' }, 200],
  [
    'a proxy on a domain that is not listed',
    { origin: 'https://mirror.example', 'sec-fetch-site': 'cross-site' },
    403,
  ],
  ['a client without an origin', {}, 200],
])('%s', async (who, headers, status) => {
  const init = { headers: { 'content-type': 'application/json', ...headers } };
  for (const path of ['/api/chat', '/query']) {
    const answer = await cost(path, {
      ...init,
      body: JSON.stringify({ query: `${question} (${who}, ${path})` }),
    });
    const isAnswered = status === 200;
    expect([path, answer.status, answer.calls, answer.rows]).toEqual([path, status, isAnswered, isAnswered]);
    if (!isAnswered)
      expect([answer.allowed, JSON.parse(answer.text).error_code]).toEqual([null, 'origin-not-allowed']);
  }
});

const json = 'application/json';
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': json, accept: `${json}, text/event-stream` },
  body: JSON.stringify(body),
});
const mcpCall = (method: string, params: object): RequestInit =>
  post({ jsonrpc: '2.0', id: 1, method, params });
const mcpTool = (name: string, args: object): RequestInit => mcpCall('tools/call', { name, arguments: args });
// No word of it is in the book: MCP would embed it.
const wordless = 'zxqv wvut srqp';

test.each<[what: string, path: string, init: RequestInit]>([
  ['the chat', '/api/chat', post({ query: 'How far does a lidar see from here?' })],
  ['the chat, as another frontend asks', '/chat', post({ message: 'How far does it see from there?' })],
  ['the query of the FastAPI server', '/query', post({ query: 'How far does it see from above?' })],
  ['search', '/api/search?q=lidar', {}],
  ['search of nothing', `/api/search?q=${encodeURIComponent(wordless)}`, {}],
  ['MCP: search', '/mcp', mcpTool('search_book', { query: 'lidar' })],
  ['MCP: search that embeds', '/mcp', mcpTool('search_book', { query: wordless })],
  ['MCP: a section', '/mcp', mcpTool('read_section', { url: '/docs/sensors/lidar' })],
  ['MCP: the pages', '/mcp', mcpTool('list_pages', {})],
  ['MCP: a resource', '/mcp', mcpCall('resources/list', {})],
  ['a rating', '/api/feedback', post({ message_id: '00000000-0000-4000-8000-000000000000', rating: 'up' })],
])('a hostile page gets no answer, and costs no call: %s', async (_, path, init) => {
  for (const headers of [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://book.example.evil.example' },
    { origin: 'https://ana-book.hf.space' },
  ]) {
    const [calls, stored] = [modelCalls(), await rows()];
    const response = await fetch(server.url + path, { ...init, headers: { ...init.headers, ...headers } });
    const text = await response.text();
    expect([headers.origin, response.status]).toEqual([headers.origin, 403]);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(text).not.toMatch(/lidar|sensor/i);
    expect([modelCalls(), await rows()]).toEqual([calls, stored]);
  }
});

/** Mulberry32: a small pseudo-random generator with a seed. */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const seed = Number(process.env['FUZZ_SEED'] ?? 14);
const paths = [
  '/api/chat',
  '/chat',
  '/query',
  '/api/login',
  '/api/v1/auth/token',
  '/translate',
  '/api/personalize-chapter',
];
const foreignPaths = [
  '/login',
  '/api/sign-up',
  '/api/translateChapter',
  '/api/feedback',
  '/contact',
  '/api/upload',
  '/profile',
];
/** Bodies by what they are for; `SECRET` marks what must not be logged. */
const foreignBodies: Record<string, unknown>[] = [
  { email: 'SECRET@b.c', password: 'SECRET' },
  { username: 'SECRET', password: 'SECRET', message: 'SECRET' },
  { name: 'SECRET', email: 'SECRET', message: 'SECRET' },
  { message_id: '1', rating: 5, text: 'SECRET' },
  { question: 'SECRET', answer: 'x', feedback: 'down' },
  { text: 'SECRET', target_language: 'ur' },
  { content: 'SECRET', targetLang: 'ur' },
  { query: 'SECRET', access_token: 'SECRET' },
  { user_profile: { level: 'SECRET' }, content: 'SECRET' },
  { filename: 'SECRET.pdf', content: 'SECRET' },
  { subject: 'SECRET', message: 'SECRET' },
  { softwareBackground: 'SECRET', hardware_background: 'SECRET', message: 'SECRET' },
];
const plainBodies: Record<string, unknown>[] = [
  { message: 'SECRET' },
  { text: 'SECRET' },
  { query: 'SECRET', top_k: 3 },
];

test('300 requests of logins, mails, ratings, translations and uploads cost nothing and are not logged', async () => {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const [calls, stored] = [modelCalls(), await rows()];
  for (let count = 0; count < 300; count += 1) {
    const isForeignPath = random(2) === 0;
    const path = isForeignPath ? pick(foreignPaths) : pick(paths);
    const body = isForeignPath && random(2) === 0 ? pick(plainBodies) : pick(foreignBodies);
    const form = random(5);
    const init =
      form === 0
        ? { body: new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])) }
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', origin: site } };
    const response = await fetch(`${server.url}${path}`, { method: 'POST', ...init });
    // At /api/chat a form is a body that is not JSON; ratings of our own answers are another route's.
    const isRead = path === '/api/feedback' || (form === 0 && path === '/api/chat');
    const expected = isRead ? [404, 422] : [404];
    expect(expected, `${path} ${JSON.stringify(body)}`).toContain(response.status);
    const text = await response.text();
    expect(text).not.toContain('SECRET');
  }
  expect([modelCalls(), await rows()]).toEqual([calls, stored]);
  expect(server.output()).not.toContain('SECRET');
});

const names = [
  'message', 'question', 'query', 'query_text', 'userQuery', 'prompt', 'text', 'content', 'input', 'q', 'messages',
  'mode', 'context', 'selected_text', 'selection', 'conversation_id', 'session_id', 'user_id', 'history', 'chat_history',
  'stream', 'top_k', 'model', '__proto__', 'constructor',
]; // prettier-ignore
const accepts = [
  '*/*',
  'application/json',
  'text/event-stream',
  'application/json, text/plain, */*',
  'text/html',
  '',
];

test('500 bodies of any fields are answered or rejected in the form that their client reads', async () => {
  const random = randomFrom(seed + 1);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const values = (): unknown =>
    pick<unknown>([
      question,
      '',
      null,
      7,
      true,
      [],
      {},
      [{ role: 'user', content: question }],
      'general',
      'selection',
      'normal',
      '__proto__',
    ]);
  let streams = 0;
  for (let count = 0; count < 500; count += 1) {
    const body = JSON.parse(
      `{${Array.from({ length: 1 + random(5) }, () => `${JSON.stringify(pick(names))}:${JSON.stringify(values())}`).join(',')}}`,
    ) as Record<string, unknown>;
    const accept = pick(accepts);
    const path = pick(['/api/chat', '/chat', '/api/v1/rag/query', '/agent', '/api/chat/stream']);
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accept === '' ? {} : { accept }) },
      body: JSON.stringify(body),
    });
    const type = response.headers.get('content-type') ?? '';
    const text = await response.text();
    const shown = `${path} ${accept} ${JSON.stringify(body)}`;
    expect(response.status, shown).toBeLessThan(500);
    if (response.status !== 200) continue;
    const isStream = type.startsWith('text/event-stream');
    streams += Number(isStream);
    const wish = body['stream'];
    if (wish === false || (wish !== true && accept === 'application/json'))
      expect(isStream, shown).toBe(false);
    if (wish === true || (wish !== false && accept === 'text/event-stream'))
      expect(isStream, shown).toBe(true);
    const isCanonical = 'mode' in body && (body['mode'] === 'general' || body['mode'] === 'selection');
    if (isCanonical && wish === undefined && accept === '*/*') expect(isStream, shown).toBe(true);
    if (!isStream && 'message_id' in JSON.parse(text))
      expect(JSON.parse(text).answer, shown).toBeTypeOf('string');
    if (isStream) expect(text, shown).toMatch(/"type":"done"/);
  }
  expect(streams).toBeGreaterThan(20);
});
