/** What an owner is shown of the database, and what is deleted from it. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPostgresStore } from '../../server/adapters/postgres/postgres-store.ts';
import type { TurnRecord } from '../../server/chat/ports.ts';
import type { InsightsReport } from '../../wizard/model/run/insights-report.ts';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
let folder: string;
let client: pg.Client;
const { signal } = new AbortController();

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'insights-test-'));
  client = new pg.Client(sandbox.env['DATABASE_URL']);
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => client.query('drop schema public cascade; create schema public'));

function run(args: string[], { json = true } = {}): Promise<WizardRun> {
  const env = {
    ...sandbox.env,
    XDG_STATE_HOME: join(folder, 'state'),
    CHAT_PRICE_INPUT: '1',
    CHAT_PRICE_OUTPUT: '2',
  };
  return runWizard({ args: [...args, json ? '--json' : '--plain'], env, cwd: folder });
}

const turn: TurnRecord = {
  verdict: 'refused',
  strategies: ['hybrid', 'refused'],
  cosine: 0.2,
  coverage: 0.1,
  vector: null,
  cited: [],
  nearest: ['/docs/planning/mast#the-pipe'],
  ms: 100,
  tokens: null,
  page: null,
  version: null,
  locale: null,
};

/** Stores a conversation of one turn; returns its id. */
async function store(
  text: string,
  { days = 1, ...record }: Partial<TurnRecord> & { days?: number } = {},
): Promise<string> {
  const database = createPostgresStore({
    databaseUrl: sandbox.env['DATABASE_URL'] ?? '',
    deployment: 'ana/book',
  });
  const [conversationId, turnId] = [randomUUID(), randomUUID()];
  const at = new Date(Date.now() - days * 86_400_000);
  const common = { conversationId, turnId, sources: null, status: 'complete', at } as const;
  await database.storeAll({
    messages: [
      { ...common, id: turnId, role: 'user', content: text },
      { ...common, id: randomUUID(), role: 'assistant', content: 'An answer.', turn: { ...turn, ...record } },
    ],
    signal,
  });
  await database.close();
  return conversationId;
}

const reportOf = (result: WizardRun): InsightsReport =>
  eventsOf(result, 'insights')[0]?.['report'] as unknown as InsightsReport;

const messages = async (): Promise<number> =>
  (await client.query<{ n: number }>('select count(*)::int as n from messages')).rows[0]!.n;

test('insights shows gaps, counts and sections, and writes nothing', async () => {
  for (const text of ['How do I measure hail?', 'How can hail be measured?', 'Is the sky blue?'])
    await store(text);
  await store('How tall is the pipe?', {
    verdict: 'answered',
    cited: ['/docs/planning/mast#the-pipe'],
    ms: 2_000,
  });
  await store('How do I measure hail, ever?', { days: 40 });
  await client.query(
    'insert into rag_usage (day, calls, input_tokens, output_tokens) values (current_date, 1, 1000000, 500000)',
  );
  const before = (await client.query('select * from messages order by id')).rows;
  const result = await run(['insights', '--docs', sandbox.env['DOCS_DIR'] ?? '']);
  expect(result.code, result.stderr).toBe(0);
  const report = reportOf(result);
  expect(report).toMatchObject({
    questions: 4,
    verdicts: { refused: 3, answered: 1 },
    shareAnswered: 0.25,
    latency: { p50: 2_000, p95: 2_000 },
    usage: { calls: 1, price: 2 },
    mostCited: [{ url: '/docs/planning/mast#the-pipe', count: 1 }],
  });
  expect(report.gaps).toMatchObject([
    {
      count: 2,
      refused: 2,
      nearest: ['/docs/planning/mast#the-pipe'],
      suggestion: 'A section on /docs/planning/mast, beside “The pipe”.',
    },
  ]);
  expect(report.neverCited).toContain('/docs/planning/mast#guy-wires');
  expect(report.neverCited).not.toContain('/docs/planning/mast#the-pipe');
  expect((await client.query('select * from messages order by id')).rows).toEqual(before);
  expect(reportOf(await run(['insights', '--since', '50d'])).questions).toBe(5);
});

test('insights in words, and as a page in which no reader’s text is markup', async () => {
  for (const text of ['<img src=x onerror=alert(1)> hail?', '<img src=x onerror=alert(1)> hail, please?'])
    await store(text);
  const file = join(folder, 'insights.html');
  const result = await run(['insights', '--html', file], { json: false });
  expect(result.code, result.stderr).toBe(0);
  expect(result.stdout).toMatch(/Asked and not found[\s\S]*hail[\s\S]*A section on \/docs\/planning\/mast/);
  expect(result.stdout).toContain('Never cited');
  const page = await readFile(file, 'utf8');
  expect(page).toContain('&#60;img src=x');
  expect(page).not.toMatch(/<img|<script|\bsrc="|\bhref="|url\(/);
  expect(page).toContain("default-src 'none'");
});

test('insights --embed says how many calls it makes, and makes only those', async () => {
  await store('How do I measure hail?');
  await store('How do I measure hail?');
  await store('Which paint keeps the screen white?');
  const calls = async (): Promise<number> =>
    (await sandbox.exchanges()).filter(({ name }) => name === 'gemini.embedContent').length;
  const before = await calls();
  const result = await run(['insights', '--embed', '--yes']);
  expect(eventsOf(result, 'notice').map(({ message }) => message)).toContain(
    '2 questions have no vector: that is 2 calls of Gemini’s embedding model.',
  );
  expect((await calls()) - before).toBe(2);
  expect(reportOf(result).gaps[0]).toMatchObject({ count: 2 });
  expect((await run(['insights'])).code).toBe(0);
  expect((await calls()) - before).toBe(2);
});

test('a database that no server of this version has used is named as such', async () => {
  const result = await run(['insights']);
  expect([result.code, eventsOf(result, 'notice').at(-1)?.['code']]).toEqual([0, 'insights-empty']);
  const forgotten = await run(['forget', '--older-than', '1d', '--yes']);
  expect([forgotten.code, eventsOf(forgotten, 'notice').at(-1)?.['code']]).toEqual([0, 'forget-unused']);
});

test('forget deletes one conversation, or what is older, and nothing unasked', async () => {
  const id = await store('How do I measure hail?');
  await store('Is the sky blue?', { days: 50 });
  await store('Is the sky grey?', { days: 10 });
  expect((await run(['forget', id])).code).toBe(12);
  expect((await run(['forget'])).code).toBe(2);
  expect((await run(['forget', id, '--older-than', '1d'])).code).toBe(2);
  expect((await run(['forget', 'no-id', '--yes'])).code).toBe(2);
  expect(await messages()).toBe(6);
  const deleted = await run(['forget', id, '--yes']);
  expect(eventsOf(deleted, 'notice').at(-1)).toMatchObject({
    code: 'forgotten',
    message: 'Deleted: 2 messages, and 1 conversations that are empty now.',
  });
  expect((await run(['forget', '--older-than', '30d', '--yes'])).code).toBe(0);
  const { rows } = await client.query("select content from messages where role = 'user'");
  expect(rows).toEqual([{ content: 'Is the sky grey?' }]);
  expect((await client.query('select 1 from rag_turns')).rowCount).toBe(1);
});

test('status draws a bar for each day of the last week', async () => {
  for (let count = 0; count < 3; count += 1)
    await store(`How tall is pipe ${count}?`, { verdict: 'answered' });
  await store('How do I measure hail?', { days: 3 });
  const { HF_ENDPOINT = '', HF_TOKEN = '' } = sandbox.env;
  await fetch(`${HF_ENDPOINT}/api/repos/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${HF_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'space', name: 'status-chat', organization: 'ana', sdk: 'docker' }),
  });
  const { stdout, stderr, code } = await run(['status', '--space', 'ana/status-chat'], { json: false });
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/\d\d-\d\d {2}█{40} 3\n/);
  expect(stdout).toMatch(/\d\d-\d\d {2}░{13} 1\n/);
});
