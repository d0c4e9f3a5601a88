/** No command reveals a secret, even with vendors that quote requests in their errors, and in a crash. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  readFiles,
  encodedForms,
  findLeaks,
  publicTexts,
  secretsIn,
  quotedForms,
  type NamedText,
} from '../leak-check.ts';
import { keys, openTerminal } from '../terminal.ts';
import {
  eventsOf,
  runWizard,
  startSandbox,
  wizardEntry,
  type SandboxProcess,
  type WizardRun,
} from './sandbox-process.ts';

const space = 'ana/sample-book-chat';
let sandbox: SandboxProcess;
let folder: string;
let secrets: [string, string][];

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'leak-check-test-'));
  secrets = secretsIn(sandbox.env);
});
afterEach(() => sandbox.clearFaults());
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

const environment = (more: Record<string, string | undefined> = {}) => ({
  ...sandbox.env,
  XDG_STATE_HOME: join(folder, 'state'),
  HOME: folder,
  ...more,
});

function run(args: string[], more: Record<string, string> = {}): Promise<WizardRun> {
  return runWizard({ args, env: environment(more) as Record<string, string>, cwd: folder });
}

/** Checks the run's output and all files that it wrote. */
async function expectNoLeak(result: WizardRun, more: readonly NamedText[] = []): Promise<void> {
  const disk = await readFiles(folder);
  const places: NamedText[] = [['stdout', result.stdout], ['stderr', result.stderr], ...disk, ...more];
  expect(findLeaks({ secrets, places })).toEqual([]);
}

it('the leak check finds secrets in every form', () => {
  for (const [name, value] of secrets) {
    for (const form of encodedForms(value)) {
      expect(findLeaks({ secrets: [[name, value]], places: [['text', `a ${form} b`]] })).not.toEqual([]);
    }
    const within = Buffer.from(`{"token":"${value}"}`).toString('base64');
    expect(findLeaks({ secrets: [[name, value]], places: [['text', within]] })).not.toEqual([]);
  }
});

describe('a deployment that fails at a vendor that quotes every secret in every form', () => {
  const calls = [
    'hub.whoami',
    'vercel.user',
    'gemini.generateContent',
    'qdrant.collections',
    'qdrant.create-collection',
    'hub.create',
    'hub.commit',
    'vercel.create-env',
    'vercel.create-deployment',
  ];
  it.each(calls.map((call, n) => [call, `leak-${n}`] as const))(
    '%s',
    async (call, name) => {
      const quoted = secrets.flatMap(([, value]) => quotedForms(value)).join(' ');
      const body = JSON.stringify({ error: quoted, message: quoted, status: { error: quoted } });
      await sandbox.addFault({ call, kind: { type: 'status', status: 400, body } });
      const mode = call.startsWith('vercel.') ? '--plain' : '--json';
      // New names each time, so that each call is made.
      const result = await run(['deploy', '--yes', mode, '--space', `ana/${name}`], {
        QDRANT_COLLECTION: name,
        XDG_STATE_HOME: join(folder, name),
      });
      expect(result.code, result.stdout + result.stderr).not.toBe(0);
      await expectNoLeak(result);
    },
    60_000,
  );
});

describe('a run that creates cluster and database, at vendors that quote the keys of both accounts', () => {
  beforeAll(() => sandbox.setControls({ 'qdrant-cloud': { mostFreeClusters: 99 } }));
  const calls = [
    'qdrant-cloud.accounts',
    'qdrant-cloud.create-cluster',
    'qdrant-cloud.create-key',
    'neon.projects',
    'neon.create-project',
  ];
  it.each(calls.map((call, n) => [call, `made-${n}`] as const))(
    '%s',
    async (call, name) => {
      const accounts: [string, string][] = [
        ['QDRANT_CLOUD_API_KEY', sandbox.env['QDRANT_CLOUD_API_KEY'] ?? ''],
        ['NEON_API_KEY', sandbox.tokens['neon'] ?? ''],
      ];
      // Those that this run knows.
      const ownSecrets = [...secrets.filter(([key]) => /^(?:HF|VERCEL|GEMINI)_/.test(key)), ...accounts];
      const quoted = ownSecrets.flatMap(([, value]) => quotedForms(value)).join(' ');
      const body = JSON.stringify({ code: '', message: quoted, error: quoted, details: [] });
      await sandbox.addFault({ call, kind: { type: 'status', status: 400, body } });
      const mode = call.startsWith('neon.') ? '--plain' : '--json';
      const result = await run(
        ['deploy', '--yes', mode, '--create', 'neon,qdrant', '--space', `ana/${name}`],
        {
          ...Object.fromEntries(['QDRANT_URL', 'QDRANT_API_KEY', 'DATABASE_URL'].map((key) => [key, ''])),
          ...Object.fromEntries(accounts),
          QDRANT_COLLECTION: name,
          XDG_STATE_HOME: join(folder, name),
        },
      );
      expect(result.code, result.stdout + result.stderr).not.toBe(0);
      await sandbox.clearFaults();
      expect(result.stdout).toContain('[secret]');
      const places: NamedText[] = [
        ['output', result.stdout + result.stderr],
        ...(await readFiles(join(folder, name))),
      ];
      expect(findLeaks({ secrets: ownSecrets, places })).toEqual([]);
    },
    60_000,
  );
});

describe('every command', () => {
  beforeAll(async () => {
    const deployed = await run(['deploy', '--yes', '--json']);
    expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
    await expectNoLeak(deployed, await publicTexts(sandbox.env, space));
  }, 60_000);

  const lines: [string[], number][] = [
    [['plan', '--yes'], 0],
    [['index', '--yes'], 0],
    [['status'], 0],
    [['doctor'], 0],
    [['doctor', '--report'], 0],
    [['rotate', 'postgres', '--yes'], 0],
    [['rotate', 'nothing', '--yes'], 2],
    [['export', 'exported'], 0],
    [['undo', '--yes'], 12],
  ];
  // Alternating, so that both renderers are checked without running everything twice.
  it.each(lines.map(([args, code], n) => [n % 2 === 0 ? '--json' : '--plain', args, code] as const))(
    'with %s: %j',
    async (mode, args, code) => {
      const result = await run([...args, mode]);
      expect(result.code, result.stdout + result.stderr).toBe(code);
      await expectNoLeak(result);
    },
  );

  it('rotate to a new value', async () => {
    const url = new URL(sandbox.env['DATABASE_URL'] ?? '');
    url.searchParams.set('application_name', 'second');
    const result = await run(['rotate', 'postgres', '--yes', '--json'], { DATABASE_URL: url.href });
    expect(result.code, result.stdout).toBe(0);
    await expectNoLeak(result, await publicTexts(sandbox.env, space));
  });

  it('the wizard in a terminal, frame by frame: a pasted .env, its checks, Ctrl-C', async () => {
    const names = [
      'HF_TOKEN',
      'VERCEL_TOKEN',
      'GEMINI_API_KEY',
      'QDRANT_URL',
      'QDRANT_API_KEY',
      'DATABASE_URL',
    ];
    const terminal = openTerminal({
      command: process.execPath,
      args: [wizardEntry],
      env: environment({
        ...Object.fromEntries(names.map((name) => [name, undefined])),
        XDG_STATE_HOME: join(folder, 'fresh'),
      }),
      cwd: folder,
    });
    try {
      await terminal.waitFor('Nothing changes before');
      terminal.write(keys.enter);
      await terminal.waitFor(/paste the .*token/);
      terminal.paste(`${names.map((name) => `${name}="${sandbox.env[name] ?? ''}"`).join('\n')}\n`);
      await terminal.waitFor('••••');
      terminal.write(keys.enter);
      await terminal.waitFor('Name of the Space');
      terminal.write(keys.ctrlC);
      const late = new Promise((_, reject) =>
        setTimeout(() => reject(new Error(terminal.scrollback())), 15_000),
      );
      expect(await Promise.race([terminal.exited, late])).toEqual({ code: 130 });
      expect(terminal.transcript()).not.toContain('Warning');
      const places: NamedText[] = [
        ['frames', terminal.transcript()],
        ['scrollback', terminal.scrollback()],
        // A value that is wrapped or drawn in pieces is a leak too.
        ['frames without what moves', terminal.transcript().replaceAll(/\u001B\[[0-?]*[ -/]*[@-~]|\s/g, '')],
      ];
      expect(findLeaks({ secrets, places })).toEqual([]);
    } finally {
      await terminal.close();
    }
  });
});

describe('a crash', () => {
  /** A preload that throws an uncaught error whose message contains every secret. */
  const crash = `
    const values = ['HF_TOKEN','VERCEL_TOKEN','GEMINI_API_KEY','QDRANT_API_KEY','DATABASE_URL'].map((name) => process.env[name]);
    const text = values.flatMap((one) => [one, encodeURIComponent(one), Buffer.from(one + '!').toString('base64')]).join(' ');
    const connect = require('node:net').Socket.prototype.connect;
    require('node:net').Socket.prototype.connect = function crashed(...args) {
      if (process.env.CRASH === 'thrown') setImmediate(() => { throw new Error(text); });
      else void Promise.reject(new TypeError(text, { cause: text }));
      return connect.apply(this, args);
    };`;

  it.each([
    ['thrown', '--json'],
    ['rejected', '--json'],
    ['thrown', '--plain'],
  ])('that is %s ends a run with %s as a bug, with exit 20 and no secret', async (how, mode) => {
    const preload = join(folder, 'crash.cjs');
    await writeFile(preload, crash);
    const result = await run(['deploy', '--yes', mode], { NODE_OPTIONS: `--require=${preload}`, CRASH: how });
    expect(result.code, result.stdout + result.stderr).toBe(20);
    if (mode === '--json') {
      expect(eventsOf(result, 'run-finished')).toHaveLength(1);
      expect(result.events.at(-1)).toMatchObject({ exitCode: 20, failure: { kind: 'bug' } });
    }
    expect(result.stdout + result.stderr).toContain('[secret]');
    expect(result.stdout + result.stderr).not.toMatch(/^\s+at /m);
    await expectNoLeak(result);
  });

  it('in a terminal restores the cursor', async () => {
    const preload = join(folder, 'crash.cjs');
    await writeFile(preload, crash);
    const terminal = openTerminal({
      command: process.execPath,
      args: [wizardEntry, 'status', '--space', space],
      env: environment({ NODE_OPTIONS: `--require=${preload}`, CRASH: 'thrown' }),
      cwd: folder,
    });
    try {
      expect(await terminal.exited).toEqual({ code: 20 });
      expect(terminal.isCursorShown()).toBe(true);
      expect(findLeaks({ secrets, places: [['frames', terminal.transcript()]] })).toEqual([]);
    } finally {
      await terminal.close();
    }
  });
});
