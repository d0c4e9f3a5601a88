/** Ctrl-C at every screen: exit 130, and no write before the plan is accepted. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../server/adapters/postgres/migrate.ts';
import { questions, type Prompt, type Reply } from '../../wizard/model/question.ts';
import { listJournals, openJournal } from '../../wizard/run/journal-file.ts';
import { startFaultHarness, type ScriptedUser, type FaultHarness } from './fault-harness.ts';

let harness: FaultHarness;
let stateDir: string;
beforeAll(async () => {
  harness = await startFaultHarness();
  stateDir = join(harness.folder, 'machine');
});
afterAll(() => harness?.close());

const nameOf = (prompt: Prompt): string =>
  prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
const choose = (value: string): Reply => ({ type: 'choice', value });
const accept: Reply = { type: 'accept' };

/** A folder with these files, committed to git. */
function site(files: Record<string, string>): string {
  const dir = mkdtempSync(join(harness.folder, 'site-'));
  for (const [path, text] of Object.entries({
    'package.json': '{"devDependencies":{"vite":"8"}}',
    ...files,
  })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: dir });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'x');
  return dir;
}

type ScreenRoute = {
  /** Replies to the screens before it, by name; the screen itself gets Ctrl-C. */
  replies?: Record<string, () => Reply>;
  argv?: () => string[];
  env?: () => Record<string, string>;
  cwd?: () => string;
  knowsSpace?: boolean;
  before?: () => Promise<void>;
};

const useDetected = { start: () => choose('use') };
const creating = { start: () => choose('create') };
const toPlan = {
  ...useDetected,
  HF_SPACE: () => accept,
  FRONTEND_TARGETS: () => choose('production'),
  retention: () => choose('keep'),
};
/** The first screen leads to itself once another hosting is chosen there. */
function onVercel(): NonNullable<ScreenRoute['replies']> {
  let isChosen = false;
  return {
    start: () => {
      const value = isChosen ? 'use' : 'vercel';
      isChosen = true;
      return choose(value);
    },
  };
}
const without = (name: string): ScreenRoute => ({ replies: useDetected, env: () => ({ [name]: '' }) });

const signIn = { HF_TOKEN: '', HF_OAUTH_CLIENT_ID: 'an-app-of-ours' };
const withoutCluster = { QDRANT_URL: '', QDRANT_API_KEY: '' };

/** Every screen and how to reach it; the last ones need an existing deployment. */
const routes: Record<string, ScreenRoute> = {
  start: {},
  HF_TOKEN: without('HF_TOKEN'),
  'sign-in': { replies: useDetected, env: () => signIn },
  'device-code': { replies: { ...useDetected, 'sign-in': () => choose('browser') }, env: () => signIn },
  VERCEL_TOKEN: without('VERCEL_TOKEN'),
  'hosting-account': { replies: onVercel() },
  HOSTING_VERCEL_TOKEN: { replies: { ...onVercel(), 'hosting-account': () => choose('other') } },
  'create-postgres': { replies: creating, env: () => ({ DATABASE_URL: '' }) },
  NEON_API_KEY: {
    replies: { ...creating, 'create-postgres': () => choose('account') },
    env: () => ({ DATABASE_URL: '' }),
  },
  'neon-project': {
    replies: { ...creating, 'create-postgres': () => choose('account') },
    env: () => ({ DATABASE_URL: '', NEON_API_KEY: harness.neonKey }),
  },
  'create-qdrant': { replies: creating, env: () => withoutCluster },
  QDRANT_CLOUD_API_KEY: {
    replies: { ...creating, 'create-qdrant': () => choose('account') },
    env: () => withoutCluster,
  },
  'qdrant-cluster': {
    replies: { ...creating, 'create-qdrant': () => choose('account') },
    env: () => ({ ...withoutCluster, QDRANT_CLOUD_API_KEY: harness.qdrantCloud.managementKey }),
  },
  'not-created': {
    replies: {
      ...creating,
      'create-postgres': () => {
        harness.addFault('neon.create-claimable', { type: 'status', status: 503 });
        return choose('claimable');
      },
      HF_SPACE: () => accept,
    },
    env: () => ({ DATABASE_URL: '' }),
  },
  GEMINI_API_KEY: without('GEMINI_API_KEY'),
  QDRANT_URL: without('QDRANT_URL'),
  QDRANT_API_KEY: without('QDRANT_API_KEY'),
  DATABASE_URL: without('DATABASE_URL'),
  VERCEL_PROJECT: without('VERCEL_PROJECT'),
  DOCS_DIR: { replies: toPlan, env: () => ({ DOCS_DIR: '' }) },
  HF_SPACE: { replies: useDetected },
  BOOK_BASE_URL: {
    replies: toPlan,
    env: () => ({
      DOCS_DIR: site({
        'docs/intro.md': '# Intro\n',
        'docusaurus.config.js': 'export default { url: process.env.SITE_URL, baseUrl: process.env.BASE };',
      }),
    }),
  },
  'book-versions': {
    replies: toPlan,
    env: () => ({
      DOCS_DIR: site({
        'docs/intro.md': '# Intro\n',
        'versioned_docs/version-1.0/intro.md': '# Intro\n',
        'versions.json': '["1.0"]',
        'docusaurus.config.js':
          "export default { url: 'https://a.example', baseUrl: '/', presets: [['classic', {}]] };",
      }),
    }),
  },
  found: {
    replies: { start: () => choose('found') },
    env: () => ({ GEMINI_API_KEY: '' }),
    cwd: () => {
      const dir = mkdtempSync(join(harness.folder, 'found-'));
      writeFileSync(join(dir, '.env'), `GEMINI_API_KEY=${harness.env['GEMINI_API_KEY']}\n`);
      return dir;
    },
  },
  'free-plan': { replies: useDetected, env: () => ({ HF_TOKEN: harness.freeToken }) },
  FRONTEND_TARGETS: { replies: { ...useDetected, HF_SPACE: () => accept } },
  FRONTEND_VARIABLE: {
    replies: toPlan,
    argv: () => [
      '--frontend',
      site({
        'src/main.js':
          'fetch(`${import.meta.env.VITE_API_URL}/api/chat`, { method: "POST" });\nfetch(`${import.meta.env.VITE_CHAT_URL}/api/chat`, { method: "POST" });\n',
      }),
    ],
  },
  FRONTEND_MOVE: {
    replies: toPlan,
    argv: () => [
      '--frontend',
      site({
        'src/main.js':
          'const API = import.meta.env.VITE_API_URL;\nfetch(`${API}/login`, { method: "POST", body: JSON.stringify({ email: 1, password: 2 }) });\nfetch(`${API}/chat`, { method: "POST", body: JSON.stringify({ message: 1 }) });\n',
      }),
    ],
  },
  WRITE_FRONTEND: {
    replies: toPlan,
    argv: () => [
      '--frontend',
      site({ 'src/main.js': 'fetch("https://ana-old.hf.space/api/chat", { method: "POST" });\n' }),
    ],
  },
  'confirm-plan': { replies: toPlan },
  retention: {
    replies: { ...toPlan, HF_SPACE: (): Reply => ({ type: 'value', raw: 'ana/another-chat' }) },
    before: storeConversation,
  },
  'not-planned': {
    replies: {
      ...toPlan,
      HF_SPACE: () => {
        harness.addFault('hub.info', { type: 'status', status: 500 });
        return accept;
      },
    },
  },
  'second-try': {
    replies: {
      ...toPlan,
      'confirm-plan': () => {
        harness.addFault('vercel.create-deployment', { type: 'status', status: 500 });
        return accept;
      },
    },
    knowsSpace: true,
  },
  again: { knowsSpace: true },
  rotate: { knowsSpace: true, argv: () => ['rotate'] },
  'make-key': {
    knowsSpace: true,
    argv: () => ['rotate', 'qdrant'],
    env: () => ({ QDRANT_CLOUD_API_KEY: harness.qdrantCloud.managementKey }),
  },
  'reset-password': {
    knowsSpace: true,
    argv: () => ['rotate', 'postgres'],
    env: () => ({ DATABASE_URL: '', NEON_API_KEY: harness.neonKey }),
    before: noteCutOffReset,
  },
  'old-project': {
    knowsSpace: true,
    replies: {
      again: () => choose('other-project'),
      FRONTEND_TARGETS: () => choose('production'),
      VERCEL_PROJECT: (): Reply => choose(harness.otherProject),
    },
    env: () => ({ VERCEL_PROJECT: '' }),
  },
  'old-place': {
    knowsSpace: true,
    argv: () => ['--hosting', 'vercel'],
    replies: {
      ...useDetected,
      'hosting-account': () => choose('book'),
      FRONTEND_TARGETS: () => choose('production'),
      retention: () => choose('keep'),
    },
  },
};

/** As if this machine had made the account's project for its server, and had been cut off at a reset. */
async function noteCutOffReset(): Promise<void> {
  const [newest] = await listJournals({ stateDir });
  const space = newest?.space ?? '';
  const journal = await openJournal({ stateDir, space });
  const entry = { step: 'set-secrets', type: 'intent', previous: null } as const;
  await journal.add({ ...entry, change: 'created', thing: 'database', id: 'a', place: harness.neonProject });
  await journal.add({ ...entry, change: 'changed', thing: 'secret', id: 'DATABASE_URL', place: space });
  await journal.close();
}

async function storeConversation(): Promise<void> {
  const client = new pg.Client(harness.env['DATABASE_URL']);
  await client.connect();
  await migrate(client);
  await client.query('insert into conversations (id) values ($1)', [randomUUID()]);
  await client.end();
}

it('the table contains every screen', () => {
  const folders = ['interview', 'flows', 'commands'].map((room) =>
    fileURLToPath(new URL(`../../wizard/${room}`, import.meta.url)),
  );
  const code = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const choices = code.flatMap((text) =>
    [...text.matchAll(/type: 'choice',\s+name: '([\w-]+)'/g)].map(([, name]) => name ?? ''),
  );
  // `confirmation` is asked by insights and forget, which deploy nothing.
  const own = choices.filter((name) => name !== 'confirmation');
  const all = [...new Set([...questions.map(({ name }) => name), ...own, 'confirm-plan'])];
  expect(Object.keys(routes).sort()).toEqual(all.sort());
});

it.each(Object.entries(routes))('Ctrl-C at %s ends with 130', async (screen, route) => {
  const { replies = {}, argv = () => [], env = () => ({}), cwd, knowsSpace = false, before } = route;
  await before?.();
  let wasReached = false;
  const user: ScriptedUser = {
    env: env(),
    ...(cwd !== undefined && { cwd: cwd() }),
    ...(knowsSpace && { stateDir: stateDir }),
    answer: (prompt) => {
      const name = nameOf(prompt);
      if (name === screen) {
        wasReached = true;
        return { type: 'cancel' };
      }
      const reply = replies[name]?.();
      if (reply === undefined) throw new Error(`no reply to ${JSON.stringify(prompt)}`);
      return reply;
    },
  };
  harness.calls();
  const { finished } = await harness.runInteractive(argv(), user);
  harness.clearFaults();
  expect(wasReached, JSON.stringify(finished.failure)).toBe(true);
  expect(finished).toMatchObject({ ok: false, exitCode: 130, failure: { code: 'cancelled' } });
  const written = harness.calls().filter((name) => /create|commit|set-|upsert|delete-|put/.test(name));
  if (screen === 'second-try') expect(written).toContain('hub.create');
  // The call that failed.
  else expect(written).toEqual(screen === 'not-created' ? ['neon.create-claimable'] : []);
});
