import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBookFile } from '../../server/collection/book-file.ts';
import {
  eventsOf,
  runWizard,
  spaceFiles,
  startSandbox,
  wizardEntry,
  type SandboxProcess,
  type WizardRun,
} from './sandbox-process.ts';

const space = 'ana/sample-book-chat';
let sandbox: SandboxProcess;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'commands-test-'));
});
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The sandbox's variables, only those that are named when some are. */
function environment(only?: readonly string[]): Record<string, string> {
  const all = Object.entries(sandbox.env).filter(([name]) => only?.includes(name) ?? true);
  return { ...Object.fromEntries(all), XDG_STATE_HOME: join(folder, 'state') };
}

function run(args: string[], only?: readonly string[], cwd = folder): Promise<WizardRun> {
  return runWizard({ args: [...args, '--json'], env: environment(only), cwd });
}

const noticesOf = (one: WizardRun): Record<string, string> =>
  Object.fromEntries(eventsOf(one, 'notice').map((event) => [event['code'], String(event['message'])]));

const addresses = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL'];
const forIndex = [...addresses, 'GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY'];

describe('index', () => {
  it('asks for the keys of Gemini and Qdrant only, and writes nothing but the collection', async () => {
    const book = sandbox.env['DOCS_DIR'] ?? '';
    const first = await run(['index', book, '--yes'], forIndex);
    expect(first.events.at(-1), first.stderr).toMatchObject({ ok: true, exitCode: 0, deployment: null });
    expect(eventsOf(first, 'check-started').map(({ service }) => service)).toEqual(['gemini', 'qdrant']);
    expect(eventsOf(first, 'step-done')).toMatchObject([{ step: 'index-book', outcome: 'changed' }]);
    const { byName } = await sandbox.writes();
    expect(Object.keys(byName).filter((name) => !/^(qdrant|gemini)\./.test(name))).toEqual([]);

    // Without a change there is nothing to accept.
    const second = await run(['index', book], forIndex);
    expect(second.code).toBe(0);
    expect(eventsOf(second, 'step-done')).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('takes everything from --env-file, the vendors’ addresses and the collection’s name too', async () => {
    const file = join(folder, 'all.env');
    const values = { ...sandbox.env, QDRANT_COLLECTION: 'from-the-file' };
    const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(file, lines.join(''));
    const one = await run(['index', '--yes', '--env-file', file], []);
    expect(one.events.at(-1), one.stderr).toMatchObject({ ok: true });
    const [plan] = eventsOf(one, 'plan-ready');
    expect(JSON.stringify(plan?.['changes'])).toContain('from-the-file');
  });

  it('names what is missing, and no other vendor’s key', async () => {
    const one = await run(['index', '--yes'], addresses);
    expect(one.code).toBe(12);
    const [missing] = eventsOf(one, 'input-missing');
    expect((missing!['missing'] as { env: string }[]).map(({ env }) => env)).toEqual([
      'GEMINI_API_KEY',
      'QDRANT_URL',
      'QDRANT_API_KEY',
      'DOCS_DIR',
    ]);
  });
});

describe('what looks at a deployment', () => {
  beforeAll(async () => {
    const deployed = await run(['deploy', '--yes']);
    expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
  }, 180_000);

  it('status says what stands, without a token as well, and writes nothing', async () => {
    const before = await sandbox.writes();
    const one = await run(['status']);
    expect(one.events.at(-1)).toMatchObject({ ok: true, deployment: { space, health: 'healthy' } });
    const said = noticesOf(one);
    expect(said['space']).toContain('running, public');
    expect(said['health']).toContain('as the settings say');
    expect(said['frontend']).toContain('REACT_APP_API_BASE_URL');
    expect(said['journal']).toContain('Redeploy the frontend');

    const bare = await run(['status', '--space', space], addresses, tmpdir());
    expect(bare.events.at(-1)).toMatchObject({ ok: true, deployment: { space, health: 'healthy' } });
    expect((await sandbox.writes()).total).toBe(before.total);
  });

  it('status and doctor say that sleep is normal, and wake nobody; logs says so too', async () => {
    await sandbox.setControls({ space: { sleep: space } });
    const one = await run(['status']);
    expect(noticesOf(one)['space']).toContain('asleep (normal');
    expect(noticesOf(one)['health']).toContain('not asked');
    expect(one.events.at(-1)).toMatchObject({ ok: true, deployment: { health: 'unknown' } });
    const well = await run(['doctor']);
    expect(well.code, well.stdout).toBe(0);
    expect(noticesOf(well)['space-asleep']).toContain('normal');
    expect((await follow((said) => said.includes('"code":"stage"'))).said).toContain(
      'when a visitor wakes it',
    );
    expect(noticesOf(await run(['status']))['space']).toContain('asleep');
    await fetch(String((one.events.at(-1)!['deployment'] as { url: string }).url));
  });

  it('status of a Space that is not there ends with exit 1 and where to look', async () => {
    const one = await run(['status', '--space', 'ana/nothing-here']);
    expect(one.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'space-missing' } });
  });

  /** Until it has said what is waited for. */
  async function follow(isEnough: (said: string) => boolean): Promise<{ said: string; code: unknown }> {
    const child = spawn(process.execPath, [wizardEntry, 'logs', '--json'], {
      env: { PATH: process.env['PATH'] ?? '', ...environment([...addresses, 'HF_TOKEN']) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (piece: Buffer) => {
        said += piece.toString();
        if (isEnough(said)) resolve();
      }),
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    return { code: await ended, said };
  }

  it('logs follows the server until it is ended', async () => {
    const { said, code } = await follow((text) => text.includes('"type":"log"'));
    expect(code).toBe(130);
    const events = said
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.filter(({ type }) => type === 'run-finished')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'log').length).toBeGreaterThan(0);
  });
});

describe('refused before anything is asked of anybody', () => {
  it.each([
    [['deploy', '--yes'], { LOG_LEVEL: 'loud' }, 'log-level-unknown'],
    [['plan', '--yes'], { LOG_LEVEL: 'loud' }, 'log-level-unknown'],
    [['status'], { HF_SPACE: `hf_${'q'.repeat(34)}` }, 'space-name-invalid'],
    [['doctor'], { HF_SPACE: 'book-chat' }, 'space-name-invalid'],
    [['rotate', 'gemini', '--yes'], { HF_SPACE: `hf_${'q'.repeat(34)}` }, 'space-name-invalid'],
  ])('%j with %j', async (args, more, code) => {
    const before = (await sandbox.exchanges()).length;
    const one = await runWizard({
      args: [...args, '--json'],
      env: { ...environment(), ...(more as Record<string, string>) },
      cwd: folder,
    });
    expect(one.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code } });
    expect(one.stdout + one.stderr).not.toContain('qqqq');
    expect((await sandbox.exchanges()).length).toBe(before);
  });

  it('a key that strayed into HF_SPACE is named as one, and not repeated', async () => {
    const one = await runWizard({
      args: ['deploy', '--yes', '--json'],
      env: { ...environment(), HF_SPACE: sandbox.env['VERCEL_TOKEN'] ?? '' },
      cwd: folder,
    });
    expect(one.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code: 'space-name-invalid' } });
    expect(one.stdout).toContain('looks like');
    expect(one.stdout).not.toContain(sandbox.env['VERCEL_TOKEN'] ?? '');
  });
});

describe('export', () => {
  it('writes the server as it is, an empty .env.example, and how to go on', async () => {
    const dir = join(folder, 'exported');
    for (const time of ['new', 'exported to before']) {
      const one = await run(['export', dir], addresses);
      expect(one.code, time).toBe(0);
      expect(noticesOf(one)['go-on']).toContain('--api-url');
    }
    const written = await readFile(join(dir, 'server.js'));
    expect(written.equals(await readFile(join(spaceFiles, 'server.js')))).toBe(true);
    expect(await readFile(join(dir, '.env.example'), 'utf8')).toMatch(/^GEMINI_API_KEY=$/m);
    expect(await readFile(join(dir, 'README.md'), 'utf8')).not.toContain('{{');
    expect(await readdir(dir)).not.toContain('book.json');
  });

  it('brings the book along where there is one, as the server reads it', async () => {
    const dir = join(folder, 'with-book');
    const one = await run(['export', dir, '--docs', sandbox.env['DOCS_DIR'] ?? ''], addresses);
    expect(one.code, one.stdout).toBe(0);
    const book = readBookFile(await readFile(join(dir, 'book.json'), 'utf8'));
    expect(book?.sections.length).toBeGreaterThan(100);
    expect(book?.stamp.without_vector).toBe(book?.sections.length);
  });

  it('says that a folder cannot be written, and calls it no bug', async () => {
    const [dangling, standing] = [join(folder, 'dangling'), join(folder, 'standing')];
    await symlink(join(folder, 'gone', 'away'), dangling);
    await run(['export', standing], addresses);
    await rm(join(standing, 'server.js'));
    await mkdir(join(standing, 'server.js'));
    for (const dir of [dangling, standing]) {
      const one = await run(['export', dir], addresses);
      expect(one.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'folder-not-writable' } });
    }
  });

  it('refuses a folder that holds something else', async () => {
    const dir = await mkdtemp(join(folder, 'mine-'));
    await writeFile(join(dir, 'notes.txt'), 'mine');
    const one = await run(['export', dir], addresses);
    expect(one.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code: 'folder-not-empty' } });
    expect(await readdir(dir)).toEqual(['notes.txt']);
  });
});
