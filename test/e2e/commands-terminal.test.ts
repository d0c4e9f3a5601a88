import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
  folder = await mkdtemp(join(tmpdir(), 'terminal-test-'));
});
afterEach(() => terminal?.close());
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function open(args: string[], env: Record<string, string | undefined>): Terminal {
  terminal = openTerminal({
    command: process.execPath,
    args: [wizardEntry, ...args],
    env: { ...sandbox.env, XDG_STATE_HOME: join(folder, 'state'), HOME: folder, ...env },
    cwd: folder,
  });
  return terminal;
}

it('lists detected keys with source and last four characters, and uses them only on confirmation', async () => {
  const { HF_TOKEN = '', GEMINI_API_KEY = '' } = sandbox.env;
  await mkdir(join(folder, 'hub'));
  await writeFile(join(folder, 'hub', 'token'), `${HF_TOKEN}\n`);
  await writeFile(join(folder, '.env'), `GOOGLE_API_KEY="${GEMINI_API_KEY}"\n`);
  const wizard = open([], {
    HF_HOME: join(folder, 'hub'),
    HF_TOKEN: undefined,
    GEMINI_API_KEY: undefined,
    VERCEL_TOKEN: undefined,
  });
  const start = await wizard.waitFor('Nothing changes before');
  expect(start).toMatch(new RegExp(`Hugging Face +•{6}${HF_TOKEN.slice(-4)} +found: the Hugging Face login`));
  expect(start).toMatch(new RegExp(`Gemini +•{6}${GEMINI_API_KEY.slice(-4)} +found: .env`));
  wizard.write('2');
  await wizard.waitFor('> 2');
  wizard.write(keys.enter);
  await wizard.waitFor('Use what was found and accepted?');
  const verdicts = wizard.screen();
  expect(verdicts).toContain(
    `Hugging Face, ••••••${HF_TOKEN.slice(-4)} from the Hugging Face login: accepted`,
  );
  expect(verdicts).toContain(`Gemini, ••••••${GEMINI_API_KEY.slice(-4)} from .env: accepted`);
  wizard.write(keys.enter);
  // Both were accepted; Vercel’s token is the first that is missing.
  await wizard.waitFor(/Vercel +paste the token/);
  expect(wizard.screen()).toMatch(/✓ Hugging Face +ana/);
  expect(wizard.transcript()).not.toContain(GEMINI_API_KEY);
  wizard.write(keys.ctrlC);
  expect(await wizard.exited).toEqual({ code: 130 });
});

it('undo lists what it deletes and keeps, and requires the Space’s name', async () => {
  const deployed = await runWizard({
    args: ['--yes', '--json'],
    env: { ...sandbox.env, XDG_STATE_HOME: join(folder, 'state') },
    cwd: folder,
  });
  expect(deployed.events.at(-1), deployed.stdout).toMatchObject({ ok: true });
  const wizard = open(['undo'], {});
  await wizard.waitFor(`Type ${space} to do all this`);
  expect(wizard.scrollback()).toContain(`deletes the Space ${space}`);
  wizard.write('ana/other');
  await wizard.waitFor('ana/other');
  wizard.write(keys.enter);
  await wizard.waitFor('another name');
  const { total } = await sandbox.writes();
  wizard.write(space);
  await wizard.waitFor(new RegExp(`> ?${space}`));
  expect((await sandbox.writes()).total).toBe(total);
  wizard.write(keys.enter);
  expect(await wizard.exited).toEqual({ code: 0 });
  expect(wizard.scrollback()).toContain(`Done: deletes the Space ${space}`);
  expect(wizard.scrollback()).toContain('The conversations stay');
}, 180_000);
