import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaults } from '../../server/contract.ts';
import { keys, openTerminal, type Terminal } from '../terminal.ts';
import { runWizard, startSandbox, wizardEntry, type SandboxProcess } from './sandbox-process.ts';

const space = 'ana/sample-book-chat';
const recorder = fileURLToPath(new URL('record-connections.cjs', import.meta.url));
let sandbox: SandboxProcess;
let folder: string;
let terminal: Terminal | undefined;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'resume-test-'));
  const env = { ...sandbox.env, XDG_STATE_HOME: folder };
  const run = await runWizard({ args: ['--yes', '--json'], env, cwd: folder });
  expect(run.events.at(-1), run.stdout).toMatchObject({ ok: true });
}, 180_000);
afterEach(() => terminal?.close());
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

const noKeys = Object.fromEntries(
  ['HF_TOKEN', 'VERCEL_TOKEN', 'GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY', 'DATABASE_URL'].map(
    (name) => [name, undefined],
  ),
);

/** A later run without keys in the environment. */
function open(): Terminal {
  terminal = openTerminal({
    command: process.execPath,
    args: [wizardEntry],
    env: {
      ...sandbox.env,
      ...noKeys,
      VERCEL_PROJECT: undefined,
      DOCS_DIR: undefined,
      XDG_STATE_HOME: folder,
      HOME: folder,
    },
    cwd: folder,
  });
  return terminal;
}

async function enter(wizard: Terminal, key: string, question: RegExp): Promise<void> {
  await wizard.waitFor(question);
  wizard.paste(key);
  await wizard.waitFor(key.slice(-4));
  wizard.write(keys.enter);
}

it('keeps the Space’s secrets, plans no change, and goes back step by step without losing answers', async () => {
  const { HF_TOKEN = '', VERCEL_TOKEN = '' } = sandbox.env;
  const before = await sandbox.writes();
  const wizard = open();
  await wizard.waitFor(`${space} is running, healthy`);
  wizard.write(keys.enter);
  await enter(wizard, HF_TOKEN, /Hugging Face +paste the access token/);
  await wizard.waitFor('Kept at the server: GEMINI_API_KEY, QDRANT_URL, QDRANT_API_KEY, DATABASE_URL.');
  await enter(wizard, VERCEL_TOKEN, /Vercel +paste the token/);
  await wizard.waitFor('Enter apply');
  expect(wizard.screen()).toMatch(/Hugging Face +=.*4 kept at the server/);
  expect(wizard.scrollback()).toContain('No changes.');
  wizard.write(keys.escape);
  await wizard.waitFor(`Entered before: ••••••${VERCEL_TOKEN.slice(-4)}`);
  wizard.write(keys.escape);
  await wizard.waitFor(`Entered before: ••••••${HF_TOKEN.slice(-4)}`);
  wizard.write(keys.escape);
  await wizard.waitFor(/is running, healthy\n/);
  wizard.write(keys.enter);
  await wizard.waitFor(`Entered before: ••••••${HF_TOKEN.slice(-4)}`);
  wizard.write(keys.enter);
  await wizard.waitFor(`Entered before: ••••••${VERCEL_TOKEN.slice(-4)}`);
  wizard.write(keys.enter);
  await wizard.waitFor('Enter apply');
  expect(await sandbox.writes()).toEqual(before);
  wizard.write(keys.ctrlC);
  expect(await wizard.exited).toEqual({ code: 130 });
});

it('offers to remove the previous project’s variable and origin, and keeps both by default', async () => {
  const { HF_TOKEN = '', VERCEL_TOKEN = '' } = sandbox.env;
  const wizard = open();
  await wizard.waitFor('4 Another Vercel project');
  wizard.write('4');
  await wizard.waitFor('> 4');
  wizard.write(keys.enter);
  await enter(wizard, HF_TOKEN, /Hugging Face +paste the access token/);
  await enter(wizard, VERCEL_TOKEN, /Vercel +paste the token/);
  await wizard.waitFor('Which Vercel project is the book?');
  await wizard.waitFor('> 1 textbook-lab/plain-book');
  wizard.write(keys.enter);
  await wizard.waitFor('What of the old project, sample-book?');
  await wizard.waitFor('> 1 Keep both');
  wizard.write('2');
  await wizard.waitFor('> 2 Remove');
  wizard.write(keys.enter);
  await wizard.waitFor('Enter apply');
  wizard.write('d');
  await wizard.waitFor('d summary');
  expect(wizard.screen()).toContain('ALLOWED_ORIGINS');
  for (let row = 0; row < 20; row += 1) {
    wizard.write(keys.down);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await wizard.waitFor('- removes the variable REACT_APP_API_BASE_URL of sample-book');
  wizard.write(keys.ctrlC);
  await wizard.exited;
});

describe('rag-space.json on a second machine', () => {
  const targets = {
    version: 1,
    hosting: 'space',
    space,
    vercelProject: 'sample-book',
    collection: defaults.collection,
  };
  /** What a colleague's run asks and writes, in a clone with that file; its keys are in its environment. */
  async function runInClone(content: unknown, args: string[], env: Record<string, string> = {}) {
    const clone = await mkdtemp(join(folder, 'clone-'));
    await mkdir(join(clone, '.git'));
    await writeFile(join(clone, 'rag-space.json'), JSON.stringify(content));
    const { VERCEL_PROJECT: _, ...keysAndAddresses } = sandbox.env;
    const log = join(clone, 'connections');
    const run = await runWizard({
      args: [...args, '--json'],
      env: {
        ...keysAndAddresses,
        XDG_STATE_HOME: join(clone, 'state'),
        NODE_OPTIONS: `--require=${recorder}`,
        CONNECTIONS_LOG: log,
        ...env,
      },
      cwd: clone,
    });
    return { ...run, reached: await readFile(log, 'utf8').catch(() => '') };
  }

  it('writes nothing once its targets are named', async () => {
    const before = await sandbox.writes();
    const targetFlags = ['--space', space, '--vercel-project', 'sample-book'];
    const run = await runInClone({ ...targets, dailyBudget: 300 }, ['--yes', ...targetFlags], {
      QDRANT_COLLECTION: defaults.collection,
    });
    expect(run.events.at(-1), run.stdout.slice(-2000)).toMatchObject({ ok: true });
    expect(await sandbox.writes()).toEqual(before);
  });

  it.each([
    ['another Space', { ...targets, space: 'mallory/book-chat' }],
    ['a vendor’s address', { ...targets, HF_ENDPOINT: 'https://evil.example' }],
    ['odd types', { ...targets, space: [space], collection: { name: 'book' } }],
    ['far too much', { ...targets, docs: 'x'.repeat(100_000) }],
  ])('sends no key anywhere for %s', async (_, content) => {
    const runs = await Promise.all(
      [['--yes'], ['index', '--yes'], ['rotate', 'gemini', '--yes'], ['status'], ['undo', '--yes']].map(
        (args) => runInClone(content, args),
      ),
    );
    expect(runs.map(({ code }) => code).filter((code) => code !== 2 && code !== 12)).toEqual([]);
    expect(runs.map(({ reached }) => reached).join('')).toBe('');
  });
});

it('reports a sleeping Space as normal, and wakes it without a key', async () => {
  await sandbox.setControls({ space: { sleep: space } });
  const wizard = open();
  await wizard.waitFor('is asleep (normal after 48 hours without visitors)');
  await wizard.waitFor('> 1 Wake it');
  wizard.write(keys.enter);
  expect(await wizard.exited).toEqual({ code: 0 });
  expect(wizard.scrollback()).toContain(`${space} is awake and healthy.`);
});
