import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keys, openTerminal, type Terminal } from '../terminal.ts';
import { wizardEntry } from './sandbox-process.ts';

let folder: string;
let terminal: Terminal | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manners-test-'));
  // Some tools make a folder of this name.
  await mkdir(join(folder, '.env'));
});
afterEach(() => terminal?.close());
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Nobody answers there: what is seen is the wizard alone. */
const nowhere = {
  HF_ENDPOINT: 'http://127.0.0.1:9',
  VERCEL_API_URL: 'http://127.0.0.1:9',
  GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9',
};

function open(args: string[] = []): Terminal {
  const env = { ...nowhere, HOME: folder, XDG_STATE_HOME: join(folder, 'state') };
  terminal = openTerminal({ command: process.execPath, args: [wizardEntry, ...args], env, cwd: folder });
  return terminal;
}

it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  '%s at a question ends with 130 and gives the terminal back',
  async (name) => {
    const wizard = open();
    await wizard.waitFor('Nothing changes before');
    wizard.signal(name);
    expect(await wizard.exited).toEqual({ code: 130 });
    expect(wizard.isCursorShown()).toBe(true);
    const said = wizard.transcript();
    expect(said.lastIndexOf('\u001B[?2004l')).toBeGreaterThan(said.lastIndexOf('\u001B[?2004h'));
    expect(wizard.scrollback()).toContain('nothing was changed');
  },
);

it('a key is asked for after a .env of five lines was pasted, and the rest is told', async () => {
  const wizard = open();
  await wizard.waitFor('Nothing changes before');
  wizard.write(keys.enter);
  await wizard.waitFor('Hugging Face access token');
  wizard.paste(
    [
      '# keys',
      'export GEMINI_API_KEY="AQ.abcdefghijklmnopqrstuvwx"',
      "QDRANT_URL='https://1a2b.eu.cloud.qdrant.io:6333'",
      'QDRANT_API_KEY=abcdefghijklmnop',
      'DEBUG=1',
    ].join('\r\n'),
  );
  await wizard.waitFor('a text of 5 lines');
  wizard.write(keys.enter);
  await wizard.waitFor('Used 3, ignored 1: DEBUG.');
  await wizard.waitFor('Cleaned: quotes');
  // What was asked for was not in it.
  await wizard.waitFor(/Hugging Face access token\n/);
  expect(wizard.transcript()).not.toContain('abcdefghijkl');
});

it.each(['back', 'exit', '?'])(
  'the word %s in a key’s field is a bad key, and goes nowhere',
  async (word) => {
    const wizard = open();
    await wizard.waitFor('Nothing changes before');
    wizard.write(keys.enter);
    await wizard.waitFor('Hugging Face access token');
    for (const letter of word) wizard.write(letter);
    await wizard.waitFor(`> ${'•'.repeat(word.length)}`);
    wizard.write(keys.enter);
    await wizard.waitFor('✗ ');
    const screen = await wizard.waitFor('Esc back');
    expect(screen).toContain('Paste a Hugging Face token: it begins with hf_.');
    wizard.write(keys.escape);
    await wizard.waitFor('Nothing changes before');
  },
);

describe('without a terminal', () => {
  it.each(['ignore', 'pipe'] as const)(
    '(stdin: %s) all that is missing is named at once, exit 12, no hang',
    async (stdin) => {
      const child = spawn(process.execPath, [wizardEntry], {
        stdio: [stdin, 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...nowhere },
        cwd: folder,
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => void (said += chunk.toString()));
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect(code, said).toBe(12);
      for (const name of [
        'HF_TOKEN',
        'VERCEL_TOKEN',
        'GEMINI_API_KEY',
        'QDRANT_URL',
        'QDRANT_API_KEY',
        'DATABASE_URL',
      ])
        expect(said).toContain(name);
      expect(said).toContain('--docs');
    },
  );
});
