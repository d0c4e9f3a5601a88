import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chatSettings } from '../../server/chat/settings.ts';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { portsOf, startServer, untilHealth, type RunningServer } from './start-server.ts';
import { answerStreams, soon, startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
let server: RunningServer;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());
// A new server for each test, because circuit breakers keep state.
beforeEach(async () => {
  server = await startServer(vendors);
});
afterEach(async () => {
  vendors.faults.clear();
  vendors.gemini.controls['script']!(null);
  vendors.gemini.controls['quota']!(null);
  await server.close();
});

const question = { message: 'How far does a small lidar measure?', mode: 'general' };

/** Sets what the model writes next, and how it ends. */
function play(pieces: string[], ending: string | null, delayMs = 0): void {
  const entries: [string, unknown][] = [
    ['pieces', pieces],
    ['delayMs', delayMs],
  ];
  if (ending !== null) entries.push(['then', ending]);
  vendors.gemini.controls['script']!(Object.fromEntries(entries));
}

async function messagesOf(id: string, count: number): Promise<Record<string, unknown>[]> {
  for (;;) {
    const response = await fetch(`${server.url}/api/conversation/${id}`);
    const { messages } = (await response.json()) as { messages: Record<string, unknown>[] };
    if (messages.length >= count) return messages;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test.each(['error-chunk', 'raw-error-chunk', 'cut', 'rubbish', 'safety'])(
  'a stream that breaks by "%s" ends with a friendly token, an error and done',
  async (then) => {
    play(['A lidar ', 'measures [Sou', ''], then, 20);
    const { events, response, text, sources } = await askServer(server.url, question);
    const types = events.map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['token', 'error', 'done']);
    expect(events.at(-2)!['request_id']).toBe(response.headers.get('x-request-id'));
    expect(types.filter((type) => type === 'metadata')).toHaveLength(1);
    expect(text).toMatch(/^A lidar measures\s.*Please/s);
    expect(text).not.toMatch(/RESOURCE_EXHAUSTED|UNAVAILABLE|\{/);
    expect(sources).toEqual([]);
  },
);

/** Plays one ending without a text for each of the next calls, then what the stand-in composes. */
function playEmpty(...endings: (string | null)[]): void {
  vendors.gemini.controls['script']!(
    endings.map((ending) => ({ pieces: [], ...(ending !== null && { ending }) })),
  );
}

const callsToGemini = (): number =>
  vendors.record.list().filter(({ name }) => name === 'gemini.streamGenerateContent').length;

test.each(['recitation', null])(
  'a model that ends without a text (%s) is asked once more, in other words',
  async (ending) => {
    playEmpty(ending);
    const before = callsToGemini();
    const { text, strategies } = await askOnce();
    expect(text).not.toMatch(/not allowed/);
    expect(strategies).not.toContain('extractive');
    expect(callsToGemini() - before).toBe(2);
  },
);

test.each([
  ['recitation', 2],
  [null, 2],
  ['max-tokens', 1],
  ['other', 1],
  ['language', 1],
])('a model that keeps ending without a text (%s) is answered for by the book', async (ending, calls) => {
  playEmpty(ending, ending);
  const before = callsToGemini();
  const { text, strategies, sources } = await askOnce();
  expect(strategies).toContain('extractive');
  expect(text).not.toMatch(/not allowed/);
  expect(sources.length).toBeGreaterThan(0);
  expect(callsToGemini() - before).toBe(calls);
});

test.each(['safety', 'blocked'])('only a safety reason is reported as one: %s', async (ending) => {
  playEmpty(ending);
  const { text } = await askOnce();
  expect(text).toMatch(/not allowed to answer/);
});

async function askOnce() {
  const { events, text, sources } = await askServer(server.url, question);
  const strategies = events.find(({ type }) => type === 'metadata')?.['rungs'];
  return { text, sources, strategies };
}

test('an answer links only where the book links, and makes browsers load nothing', async () => {
  play(
    [
      'Look ![at](https://evil.example/?q=it) or [he',
      're](https://evil.example/), or [there]',
      '(/docs/sensors/lidar#range).',
    ],
    null,
  );
  const { events, text } = await askServer(server.url, question);
  expect(text).toBe('Look at or here, or [there](/docs/sensors/lidar#range).');
  const [, stored] = await messagesOf(events[0]!.conversation_id!, 2);
  expect(stored).toMatchObject({ content: text });
});

test('markers are numbered like the sources, and one that names no passage is dropped', async () => {
  const light = { message: 'How do a lidar and a stereo camera use light?' };
  play(['No marker.'], null);
  const [first, second] = (await askServer(server.url, light)).sources.map(({ url }) => url);
  play(['It is [Sou', 'rce 2], not [Source 99].'], null);
  const { text, sources } = await askServer(server.url, light);
  expect(text).toBe('It is [Source 1], not.');
  expect(second).toBeDefined();
  expect(sources.map(({ url }) => url).slice(0, 2)).toEqual([second, first]);
});

test('an answer that grows too long says so at its end, and keeps its sources', async () => {
  play(['A lidar measures [Source 1] '], 'max-tokens');
  const { events, text, sources } = await askServer(server.url, question);
  expect(events.map(({ type }) => type)).not.toContain('error');
  expect(text).toMatch(/^A lidar measures \[Source 1\] \n\nThe answer ends here/);
  expect(sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
  const [, stored] = await messagesOf(events[0]!.conversation_id!, 2);
  expect(stored).toMatchObject({ content: 'A lidar measures [Source 1] ' });
});

test('text written before a failure is stored, the error message is not', async () => {
  play(['A lidar measures ', ''], 'cut', 20);
  const { events } = await askServer(server.url, question);
  const messages = await messagesOf(events[0]!.conversation_id!, 2);
  expect(messages[1]).toMatchObject({ role: 'assistant', content: 'A lidar measures ', sources: [] });
});

test('without the model, the answer quotes the book, with links', async () => {
  vendors.gemini.controls['quota']!({ per: 'Day', left: 0 });
  const { events, text, sources } = await askServer(server.url, question);
  expect(events[0]!['rungs']).toContain('extractive');
  expect(text).toContain('twelve metres');
  expect(text).toContain('[Source 1]');
  expect(sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
  expect(await untilHealth(server.url, 'degraded')).toMatchObject({ failed_services: ['gemini'] });
});

test('when the quota of the model has ended, a smaller one answers, and health says so', async () => {
  vendors.gemini.controls['quota']!({ per: 'Day', left: 0, model: 'gemini-flash-latest' });
  const { events, text } = await askServer(server.url, question);
  expect(events[0]!['rungs']).toContain('smaller-model');
  expect(text).toContain('twelve metres');
  expect(await untilHealth(server.url, 'degraded')).toMatchObject({ failed_services: ['gemini'] });
});

test('the same question, from many at once and a moment later, costs one call of the model', async () => {
  const own = { message: 'How far does a small lidar measure, in metres?' };
  const calls = () => vendors.record.list().filter(({ name }) => name === 'gemini.streamGenerateContent');
  const before = calls().length;
  const ask = (message: string) =>
    askServer(server.url, { message }, { headers: { 'cache-control': 'max-age=0' } });
  const replies = await Promise.all([own.message, own.message, own.message.toUpperCase()].map(ask));
  replies.push(await ask('  How far does a small lidar measure, in metres '));
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
  expect(new Set(replies.map(({ events }) => events[0]!.conversation_id)).size).toBe(4);
  expect(calls().length).toBe(before + 1);
  await askServer(server.url, own);
  expect(calls().length).toBe(before + 2);
});

test('without vectors, the lexical search continues', async () => {
  vendors.faults.add({ call: 'gemini.embedContent', kind: { type: 'status', status: 503 } });
  const { events, text } = await askServer(server.url, question);
  expect(events[0]!['rungs']).toEqual(['lexical']);
  expect(text).toContain('twelve metres');
});

/** The calls that answers made to the services, without the background checks. */
function callsForAnswers(): number {
  const names = vendors.record.list({}).map(({ vendor, name }) => `${vendor}.${name}`);
  return names.filter((name) => /embedContent|streamGenerate|query/i.test(name)).length;
}

test('with all three services down there is still an answer, without a call once the breakers are open', async () => {
  vendors.faults.add({ call: 'gemini.*', kind: { type: 'cut' } });
  vendors.faults.add({ call: 'qdrant.*', kind: { type: 'cut' } });
  await vendors.postgres.stop();
  try {
    await askServer(server.url, question);
    const before = callsForAnswers();
    const { text, sources } = await askServer(server.url, question);
    expect(before).toBeGreaterThan(0);
    expect(callsForAnswers()).toBe(before);
    expect(text).toContain('twelve metres');
    expect(sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
    expect(await untilHealth(server.url, 'unhealthy')).toMatchObject({
      failed_services: ['qdrant', 'postgres', 'gemini'],
    });
  } finally {
    await vendors.postgres.start();
  }
});

test('a database that does not answer costs its timeout only once', async () => {
  let reads = 0;
  const ports = portsOf(vendors.environment);
  const read = (): Promise<never> => new Promise(() => (reads += 1));
  // Also without an answer: a late success would close the breaker.
  const hang = (): Promise<never> => new Promise(() => undefined);
  const silent = { messages: read, sessionKey: hang, addUsage: hang };
  await server.close();
  server = await startServer({
    ...vendors,
    ports: { ...ports, conversationStore: { ...ports.conversationStore, ...silent } },
    options: { settings: { ...chatSettings, historyTimeoutMs: 50 } },
  });
  for (const id of ['1', '2', '3']) {
    const { text } = await askServer(server.url, { ...question, conversation_id: id.repeat(32) });
    expect(text).toContain('twelve metres');
  }
  expect(reads).toBe(1);
  expect(await untilHealth(server.url, 'degraded')).toMatchObject({ failed_services: ['postgres'] });
});

test('questions asked while the database is down are stored when it is back', async () => {
  await vendors.postgres.stop();
  const { events, text } = await askServer(server.url, question).finally(() => vendors.postgres.start());
  const messages = await messagesOf(events[0]!.conversation_id!, 2);
  expect(messages.map(({ content }) => content)).toEqual([question.message, text]);
});

test('a session continues while the database is down: its history is what is still to be stored', async () => {
  const session = { session_id: 'reader-without-database', stream: true };
  await vendors.postgres.stop();
  try {
    await askServer(server.url, { ...question, ...session });
    const { text } = await askServer(server.url, { ...session, message: 'And how far does the other one?' });
    const request = vendors.record.list().findLast(({ name }) => name === 'gemini.streamGenerateContent');
    const { contents } = JSON.parse(request?.requestBody ?? '{}') as { contents: { role: string }[] };
    expect(contents.map(({ role }) => role)).toEqual(['user', 'model', 'user']);
    expect(request?.requestBody).toContain(question.message);
    expect(text).not.toBe('');
  } finally {
    await vendors.postgres.start();
  }
});

test('a client that disconnects stops the model at once, and the text so far is stored', async () => {
  play(['One ', 'two ', 'three'], 'hang', 30);
  const leaving = new AbortController();
  const before = answerStreams(vendors).aborted;
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
    signal: leaving.signal,
  });
  let seen = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  while (!seen.includes('three')) seen += (await reader.read()).value ?? '';
  leaving.abort();
  await expect.poll(() => answerStreams(vendors).aborted, soon).toBeGreaterThan(before);
  const id = /"conversation_id":"([^"]+)"/.exec(seen)![1]!;
  expect((await messagesOf(id, 2))[1]).toMatchObject({ content: 'One two three' });
});

test('on shutdown, clients get a message and the text so far is stored', async () => {
  play(['One '], 'hang');
  const reply = askServer(server.url, question);
  await expect.poll(() => answerStreams(vendors).open, soon).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
  const { events } = await reply;
  expect(events.slice(-2).map(({ type }) => type)).toEqual(['error', 'done']);
  server = await startServer(vendors);
  expect((await messagesOf(events[0]!.conversation_id!, 2))[1]).toMatchObject({ content: 'One ' });
});

test('on shutdown before an answer has started, the client gets a complete stream', async () => {
  vendors.faults.add({ call: 'gemini.embedContent', kind: { type: 'wait', ms: 2_000 } });
  const before = callsForAnswers();
  const reply = askServer(server.url, question);
  await expect.poll(callsForAnswers, soon).toBeGreaterThan(before);
  await server.close();
  const { events } = await reply;
  expect(events.map(({ type }) => type)).toEqual(['metadata', 'token', 'error', 'done']);
  expect(events.at(-2)).toMatchObject({ code: 'server-stopping' });
  server = await startServer(vendors);
});

test('a database that answers and cannot store is not connected, until it can', async () => {
  const admin = new pg.Client(vendors.postgres.url);
  await admin.connect();
  try {
    await admin.query(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'full' using errcode = '53100'; end $$`);
    await admin.query('create trigger refuse before insert on messages execute function refuse()');
    await askServer(server.url, question);
    const health = (await untilHealth(server.url, 'degraded')) as { services: { postgres: unknown } };
    expect(health.services.postgres).toMatchObject({ status: 'disconnected', code: 'postgres-unable' });
    await admin.query('drop function refuse cascade');
    await untilHealth(server.url, 'healthy');
  } finally {
    await admin.query('drop function if exists refuse cascade');
    await admin.end();
  }
});

test('a suspended database that wakes is not counted as failed', async () => {
  // Longer than one attempt to connect, and well within the five seconds that waking may take, on a busy machine too.
  vendors.postgres.proxy.sessions.suspend(2_000);
  const seen = new Set<string>();
  const asking = askServer(server.url, question);
  for (const until = Date.now() + 3_500; Date.now() < until;) {
    const { status } = (await (await fetch(`${server.url}/api/health`)).json()) as { status: string };
    seen.add(status);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { events } = await asking;
  expect([...seen]).toEqual(['healthy']);
  expect(await messagesOf(events[0]!.conversation_id!, 2)).toHaveLength(2);
});

test('health is `starting` until every service has been checked', async () => {
  vendors.faults.add({ call: 'qdrant.*', kind: { type: 'wait', ms: 300 } });
  const slow = await startServer({ environment: vendors.environment, healthy: false });
  const response = await fetch(`${slow.url}/api/health`);
  expect([response.status, ((await response.json()) as { status: string }).status]).toEqual([
    503,
    'starting',
  ]);
  expect((await fetch(`${slow.url}/api/live`)).status).toBe(200);
  await untilHealth(slow.url, 'healthy');
  await slow.close();
});

test.each([
  ['characters', Array.from({ length: 400 }, () => 'A lidar measures far. '.repeat(50))],
  ['events', ['A lidar measures far. ', ...Array.from({ length: 20_000 }, () => '')]],
])('an answer of far too many %s is cut, and the model is stopped', async (_name, pieces) => {
  const { aborted } = answerStreams(vendors);
  vendors.gemini.controls['script']!({ pieces, unlimited: true });
  const { events, text } = await askServer(server.url, question);
  expect(text).toMatch(/^A lidar measures far\./);
  expect(text.length).toBeLessThan(40_500);
  expect(events.at(-1)!.type).toBe('done');
  await expect.poll(() => answerStreams(vendors), soon).toMatchObject({ open: 0, aborted: aborted + 1 });
});
