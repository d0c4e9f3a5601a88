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
  folder = await mkdtemp(join(tmpdir(), 'terminal-test-'));
  // Some tools create a folder of this name.
  await mkdir(join(folder, '.env'));
});
afterEach(() => terminal?.close());
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Unreachable vendors, so that only the wizard is tested. */
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
  '%s at a prompt ends with 130 and restores the terminal',
  async (name) => {
    const wizard = open();
    await wizard.waitFor('Nothing changes before');
    wizard.signal(name);
    expect(await wizard.exited).toEqual({ code: 130 });
    expect(wizard.isCursorShown()).toBe(true);
    const output = wizard.transcript();
    expect(output.lastIndexOf('\u001B[?2004l')).toBeGreaterThan(output.lastIndexOf('\u001B[?2004h'));
    expect(wizard.scrollback()).toContain('nothing was changed');
  },
);

it('what the terminal answers late does not get into the field of a key', async () => {
  const wizard = open();
  await wizard.waitFor('Nothing changes before');
  wizard.write(keys.enter);
  await wizard.waitFor(/Hugging Face +paste the access token/);
  for (const piece of [
    'h',
    '\u001B]11;rgb:1e1e/1e',
    '1e/2e2e\u001B\\',
    'f',
    '\u001B[?62;22c',
    '_',
    '\u001B[24;80R',
  ])
    wizard.write(piece);
  wizard.write('\u001BP>|XTerm(390)\u001B\\x');
  await wizard.waitFor(/> •{4}(?!•)/);
});

it('a pasted .env of five lines is used, and the missing key is asked for', async () => {
  const wizard = open();
  await wizard.waitFor('Nothing changes before');
  wizard.write(keys.enter);
  await wizard.waitFor(/Hugging Face +paste the access token/);
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
  // The requested key was not in it.
  await wizard.waitFor(/Hugging Face +paste the access token/);
  expect(wizard.transcript()).not.toContain('abcdefghijkl');
});

it.each(['back', 'exit', '?'])(
  'the word %s in a key’s field is an invalid key, not a command',
  async (word) => {
    const wizard = open();
    await wizard.waitFor('Nothing changes before');
    wizard.write(keys.enter);
    await wizard.waitFor(/Hugging Face +paste the access token/);
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
    '(stdin: %s) all missing input is listed at once, with exit 12',
    async (stdin) => {
      const child = spawn(process.execPath, [wizardEntry], {
        stdio: [stdin, 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...nowhere },
        cwd: folder,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect(code, output).toBe(12);
      for (const name of [
        'HF_TOKEN',
        'VERCEL_TOKEN',
        'GEMINI_API_KEY',
        'QDRANT_URL',
        'QDRANT_API_KEY',
        'DATABASE_URL',
      ])
        expect(output).toContain(name);
      expect(output).toContain('--docs');
    },
  );
});
