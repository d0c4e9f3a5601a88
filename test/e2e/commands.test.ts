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

/** The sandbox's variables, or only those in `only`. */
function environment(only?: readonly string[]): Record<string, string> {
  const all = Object.entries(sandbox.env).filter(([name]) => only?.includes(name) ?? true);
  return { ...Object.fromEntries(all), XDG_STATE_HOME: join(folder, 'state') };
}

function run(args: string[], only?: readonly string[], cwd = folder): Promise<WizardRun> {
  return runWizard({ args: [...args, '--json'], env: environment(only), cwd });
}

const noticesOf = (result: WizardRun): Record<string, string> =>
  Object.fromEntries(eventsOf(result, 'notice').map((event) => [event['code'], String(event['message'])]));

const addresses = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL'];
const forIndex = [...addresses, 'GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY'];

describe('index', () => {
  it('needs only the keys of Gemini and Qdrant, and writes only the collection', async () => {
    const book = sandbox.env['DOCS_DIR'] ?? '';
    const first = await run(['index', book, '--yes'], forIndex);
    expect(first.events.at(-1), first.stderr).toMatchObject({ ok: true, exitCode: 0, deployment: null });
    expect(eventsOf(first, 'check-started').map(({ service }) => service)).toEqual(['gemini', 'qdrant']);
    expect(eventsOf(first, 'step-done')).toMatchObject([{ step: 'index-book', outcome: 'changed' }]);
    const { byName } = await sandbox.writes();
    expect(Object.keys(byName).filter((name) => !/^(qdrant|gemini)\./.test(name))).toEqual([]);

    // Without a change nothing needs to be confirmed.
    const second = await run(['index', book], forIndex);
    expect(second.code).toBe(0);
    expect(eventsOf(second, 'step-done')).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('reads everything from --env-file, including vendor URLs and the collection’s name', async () => {
    const file = join(folder, 'all.env');
    const values = { ...sandbox.env, QDRANT_COLLECTION: 'from-the-file' };
    const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(file, lines.join(''));
    const result = await run(['index', '--yes', '--env-file', file], []);
    expect(result.events.at(-1), result.stderr).toMatchObject({ ok: true });
    const [plan] = eventsOf(result, 'plan-ready');
    expect(JSON.stringify(plan?.['changes'])).toContain('from-the-file');
  });

  it('lists the missing input, without keys of other vendors', async () => {
    const result = await run(['index', '--yes'], addresses);
    expect(result.code).toBe(12);
    const [missing] = eventsOf(result, 'input-missing');
    expect((missing!['missing'] as { env: string }[]).map(({ env }) => env)).toEqual([
      'GEMINI_API_KEY',
      'QDRANT_URL',
      'QDRANT_API_KEY',
      'DOCS_DIR',
    ]);
  });
});

describe('commands that inspect a deployment', () => {
  beforeAll(async () => {
    const deployed = await run(['deploy', '--yes']);
    expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
  }, 180_000);

  it('status shows the deployment, with or without a token, and writes nothing', async () => {
    const before = await sandbox.writes();
    const result = await run(['status']);
    expect(result.events.at(-1)).toMatchObject({ ok: true, deployment: { space, health: 'healthy' } });
    const notices = noticesOf(result);
    expect(notices['space']).toContain('running, public');
    expect(notices['health']).toContain('as the settings say');
    expect(notices['frontend']).toContain('REACT_APP_API_BASE_URL');
    expect(notices['journal']).toContain('Redeploy the frontend');

    const bare = await run(['status', '--space', space], addresses, tmpdir());
    expect(bare.events.at(-1)).toMatchObject({ ok: true, deployment: { space, health: 'healthy' } });
    expect((await sandbox.writes()).total).toBe(before.total);
  });

  it('status, doctor and logs report a sleeping Space as normal, and do not wake it', async () => {
    await sandbox.setControls({ space: { sleep: space } });
    const result = await run(['status']);
    expect(noticesOf(result)['space']).toContain('asleep (normal');
    expect(noticesOf(result)['health']).toContain('not asked');
    expect(result.events.at(-1)).toMatchObject({ ok: true, deployment: { health: 'unknown' } });
    const doctor = await run(['doctor']);
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(noticesOf(doctor)['space-asleep']).toContain('normal');
    expect((await follow((output) => output.includes('"code":"stage"'))).output).toContain(
      'when a visitor wakes it',
    );
    expect(noticesOf(await run(['status']))['space']).toContain('asleep');
    await fetch(String((result.events.at(-1)!['deployment'] as { url: string }).url));
  });

  it('status of a missing Space ends with exit 1', async () => {
    const result = await run(['status', '--space', 'ana/nothing-here']);
    expect(result.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'space-missing' } });
  });

  /** Follows the log until its output is complete, then sends Ctrl-C. */
  async function follow(isComplete: (output: string) => boolean): Promise<{ output: string; code: unknown }> {
    const child = spawn(process.execPath, [wizardEntry, 'logs', '--json'], {
      env: { PATH: process.env['PATH'] ?? '', ...environment([...addresses, 'HF_TOKEN']) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (piece: Buffer) => {
        output += piece.toString();
        if (isComplete(output)) resolve();
      }),
    );
    const exited = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    return { code: await exited, output };
  }

  it('logs follows the server until Ctrl-C', async () => {
    const { output, code } = await follow((text) => text.includes('"type":"log"'));
    expect(code).toBe(130);
    const events = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.filter(({ type }) => type === 'run-finished')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'log').length).toBeGreaterThan(0);
  });
});

describe('invalid input is refused before any vendor is contacted', () => {
  it.each([
    [['deploy', '--yes'], { LOG_LEVEL: 'loud' }, 'log-level-unknown'],
    [['plan', '--yes'], { LOG_LEVEL: 'loud' }, 'log-level-unknown'],
    [['status'], { HF_SPACE: `hf_${'q'.repeat(34)}` }, 'space-name-invalid'],
    [['doctor'], { HF_SPACE: 'book-chat' }, 'space-name-invalid'],
    [['rotate', 'gemini', '--yes'], { HF_SPACE: `hf_${'q'.repeat(34)}` }, 'space-name-invalid'],
  ])('%j with %j', async (args, more, code) => {
    const before = (await sandbox.exchanges()).length;
    const result = await runWizard({
      args: [...args, '--json'],
      env: { ...environment(), ...(more as Record<string, string>) },
      cwd: folder,
    });
    expect(result.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code } });
    expect(result.stdout + result.stderr).not.toContain('qqqq');
    // The deployed server goes on asking its own services.
    const names = (await sandbox.exchanges()).slice(before).map(({ name }) => name);
    expect(names.filter((name) => /^(?:hub|vercel|frontend)\./.test(name))).toEqual([]);
  });

  it('a key in HF_SPACE is recognised, and not repeated', async () => {
    const result = await runWizard({
      args: ['deploy', '--yes', '--json'],
      env: { ...environment(), HF_SPACE: sandbox.env['VERCEL_TOKEN'] ?? '' },
      cwd: folder,
    });
    expect(result.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code: 'space-name-invalid' } });
    expect(result.stdout).toContain('looks like');
    expect(result.stdout).not.toContain(sandbox.env['VERCEL_TOKEN'] ?? '');
  });
});

describe('export', () => {
  it('writes the server, an empty .env.example and the next steps', async () => {
    const dir = join(folder, 'exported');
    for (const time of ['new', 'exported to before']) {
      const result = await run(['export', dir], addresses);
      expect(result.code, time).toBe(0);
      expect(noticesOf(result)['go-on']).toContain('--api-url');
    }
    const written = await readFile(join(dir, 'server.js'));
    expect(written.equals(await readFile(join(spaceFiles, 'server.js')))).toBe(true);
    expect(await readFile(join(dir, '.env.example'), 'utf8')).toMatch(/^GEMINI_API_KEY=$/m);
    expect(await readFile(join(dir, 'README.md'), 'utf8')).not.toContain('{{');
    expect(await readdir(dir)).not.toContain('book.json');
  });

  it('includes the book, if there is one, in the server’s format', async () => {
    const dir = join(folder, 'with-book');
    const result = await run(['export', dir, '--docs', sandbox.env['DOCS_DIR'] ?? ''], addresses);
    expect(result.code, result.stdout).toBe(0);
    const book = readBookFile(await readFile(join(dir, 'book.json'), 'utf8'));
    expect(book?.sections.length).toBeGreaterThan(100);
    expect(book?.stamp.without_vector).toBe(book?.sections.length);
  });

  it('reports a folder that is not writable, not as a bug', async () => {
    const [dangling, exported] = [join(folder, 'dangling'), join(folder, 'standing')];
    await symlink(join(folder, 'gone', 'away'), dangling);
    await run(['export', exported], addresses);
    await rm(join(exported, 'server.js'));
    await mkdir(join(exported, 'server.js'));
    for (const dir of [dangling, exported]) {
      const result = await run(['export', dir], addresses);
      expect(result.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'folder-not-writable' } });
    }
  });

  it('refuses a folder with other files', async () => {
    const dir = await mkdtemp(join(folder, 'mine-'));
    await writeFile(join(dir, 'notes.txt'), 'mine');
    const result = await run(['export', dir], addresses);
    expect(result.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code: 'folder-not-empty' } });
    expect(await readdir(dir)).toEqual(['notes.txt']);
  });
});
