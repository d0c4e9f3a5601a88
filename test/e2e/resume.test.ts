import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { keys, openTerminal, type Terminal } from '../terminal.ts';
import { runWizard, startSandbox, wizardEntry, type SandboxProcess } from './sandbox-process.ts';

const space = 'ana/sample-book-chat';
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
  await wizard.waitFor('Kept, in the Space: GEMINI_API_KEY, QDRANT_URL, QDRANT_API_KEY, DATABASE_URL.');
  await enter(wizard, VERCEL_TOKEN, /Vercel +paste the token/);
  await wizard.waitFor('Enter apply');
  expect(wizard.screen()).toMatch(/Hugging Face +=.*4 kept, in the Space/);
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

it('reports a sleeping Space as normal, and wakes it without a key', async () => {
  await sandbox.setControls({ space: { sleep: space } });
  const wizard = open();
  await wizard.waitFor('is asleep (normal after 48 hours without visitors)');
  await wizard.waitFor('> 1 Wake it');
  wizard.write(keys.enter);
  expect(await wizard.exited).toEqual({ code: 0 });
  expect(wizard.scrollback()).toContain(`${space} is awake and healthy.`);
});
