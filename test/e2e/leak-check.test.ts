/** No command says a secret, whatever happens to it: with vendors that quote what they are sent, and in a crash. */
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
  folder = await mkdtemp(join(tmpdir(), 'canary-test-'));
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

/** Of the run itself, and of all that it left on the disk. */
async function expectSilence(one: WizardRun, more: readonly NamedText[] = []): Promise<void> {
  const disk = await readFiles(folder);
  const places: NamedText[] = [['stdout', one.stdout], ['stderr', one.stderr], ...disk, ...more];
  expect(findLeaks({ secrets, places })).toEqual([]);
}

it('the canary finds what is there, in every form', () => {
  for (const [name, value] of secrets) {
    for (const form of encodedForms(value)) {
      expect(findLeaks({ secrets: [[name, value]], places: [['there', `a ${form} b`]] })).not.toEqual([]);
    }
    const within = Buffer.from(`{"token":"${value}"}`).toString('base64');
    expect(findLeaks({ secrets: [[name, value]], places: [['there', within]] })).not.toEqual([]);
  }
});

describe('a deployment that fails at a vendor which quotes every secret in every form', () => {
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
  it.each(calls.map((call, n) => [call, `canary-${n}`] as const))(
    '%s',
    async (call, name) => {
      const quoted = secrets.flatMap(([, value]) => quotedForms(value)).join(' ');
      const body = JSON.stringify({ error: quoted, message: quoted, status: { error: quoted } });
      await sandbox.addFault({ call, kind: { type: 'status', status: 400, body } });
      const face = call.startsWith('vercel.') ? '--plain' : '--json';
      // Everything is new each time, so that each call is made.
      const one = await run(['deploy', '--yes', face, '--space', `ana/${name}`], {
        QDRANT_COLLECTION: name,
        XDG_STATE_HOME: join(folder, name),
      });
      expect(one.code, one.stdout + one.stderr).not.toBe(0);
      await expectSilence(one);
    },
    60_000,
  );
});

describe('every command', () => {
  beforeAll(async () => {
    const deployed = await run(['deploy', '--yes', '--json']);
    expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
    await expectSilence(deployed, await publicTexts(sandbox.env, space));
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
  // By turns, so that both faces are looked at without running everything twice.
  it.each(lines.map(([args, code], n) => [n % 2 === 0 ? '--json' : '--plain', args, code] as const))(
    'with %s: %j',
    async (face, args, code) => {
      const one = await run([...args, face]);
      expect(one.code, one.stdout + one.stderr).toBe(code);
      await expectSilence(one);
    },
  );

  it('rotate to a new value, and back by hand', async () => {
    const url = new URL(sandbox.env['DATABASE_URL'] ?? '');
    url.searchParams.set('application_name', 'second');
    const one = await run(['rotate', 'postgres', '--yes', '--json'], { DATABASE_URL: url.href });
    expect(one.code, one.stdout).toBe(0);
    await expectSilence(one, await publicTexts(sandbox.env, space));
  });

  it('in a terminal, frame by frame: a pasted .env, its checks, Ctrl-C', async () => {
    const asked = [
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
        ...Object.fromEntries(asked.map((name) => [name, undefined])),
        XDG_STATE_HOME: join(folder, 'fresh'),
      }),
      cwd: folder,
    });
    try {
      await terminal.waitFor('Nothing changes before');
      terminal.write(keys.enter);
      await terminal.waitFor('1 of 6');
      terminal.paste(`${asked.map((name) => `${name}="${sandbox.env[name] ?? ''}"`).join('\n')}\n`);
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
        // A value that is broken over lines, or drawn in pieces, counts too.
        ['frames without what moves', terminal.transcript().replaceAll(/\u001B\[[0-?]*[ -/]*[@-~]|\s/g, '')],
      ];
      expect(findLeaks({ secrets, places })).toEqual([]);
    } finally {
      await terminal.close();
    }
  });
});

describe('a crash', () => {
  /** Throws, where nobody waits for it, an error that holds every secret. */
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
  ])('that is %s ends a run with %s as a bug: exit 20, a line to report, no secret', async (how, face) => {
    const preload = join(folder, 'crash.cjs');
    await writeFile(preload, crash);
    const one = await run(['deploy', '--yes', face], { NODE_OPTIONS: `--require=${preload}`, CRASH: how });
    expect(one.code, one.stdout + one.stderr).toBe(20);
    if (face === '--json') {
      expect(eventsOf(one, 'run-finished')).toHaveLength(1);
      expect(one.events.at(-1)).toMatchObject({ exitCode: 20, failure: { kind: 'bug' } });
    }
    expect(one.stdout + one.stderr).toContain('[secret]');
    expect(one.stdout + one.stderr).not.toMatch(/^\s+at /m);
    await expectSilence(one);
  });

  it('in a terminal gives the cursor back', async () => {
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
