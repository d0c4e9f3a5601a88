import { execFile } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../terminal.ts';
import { chooseRenderer } from '../../../wizard/ui/renderer.ts';
import { buildDemo, type Demo } from './demo-terminal.ts';

let demo: Demo;
beforeAll(async () => void (demo = await buildDemo()));
afterAll(() => demo.close());

const run = promisify(execFile);

describe('plain', () => {
  it('asks for a number, and only appends', async () => {
    const terminal = demo.open('choice', { kind: 'plain' });
    await terminal.waitFor('2. Create under textbook-lab (Team plan)');
    terminal.write('9');
    await terminal.waitFor('> 9');
    terminal.write(keys.enter);
    await terminal.waitFor(/from 1 to 4\.\n>$/);
    terminal.write('2');
    await terminal.waitFor('> 2');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('reply {"type":"choice","value":"team"}');
    expect(terminal.transcript()).not.toContain('\u001B');
  });

  it('selects from a long list by a part of a name', async () => {
    const terminal = demo.open('searched', { kind: 'plain', rows: 60 });
    const type = async (text: string): Promise<void> => {
      terminal.write(text);
      await terminal.waitFor(`> ${text}`);
      terminal.write(keys.enter);
    };
    await terminal.waitFor('and 30 more');
    await type('nothing');
    await terminal.waitFor('None of the 60 contains “nothing”.');
    await type('-42');
    await terminal.exited;
    expect(terminal.scrollback()).toContain('reply {"type":"choice","value":"p42"}');
  });

  it('lists the matches of a partial name, and then accepts a number', async () => {
    const terminal = demo.open('searched', { kind: 'plain', rows: 60 });
    await terminal.waitFor('and 30 more');
    for (const text of ['t-5', '57']) {
      terminal.write(text);
      await terminal.waitFor(`> ${text}`);
      terminal.write(keys.enter);
      if (text === 't-5') await terminal.waitFor(/57\. lab\/project-57[\s\S]*more of the name\./);
    }
    await terminal.exited;
    expect(terminal.scrollback()).toContain('reply {"type":"choice","value":"p57"}');
  });

  it('prefers the exact name over longer names that contain it', async () => {
    const terminal = demo.open('searched', { kind: 'plain', rows: 60 });
    await terminal.waitFor('and 30 more');
    // One key at a time, as a person types.
    for (const letter of 'lab/project-5') terminal.write(letter);
    await terminal.waitFor('> lab/project-5');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('reply {"type":"choice","value":"p5"}');
  });

  it('shows only the end of a secret', async () => {
    const key = 'AQ.Ab8RN6canary-0123456789-x7Qa';
    const terminal = demo.open('secret', { kind: 'plain' });
    await terminal.waitFor('it is not shown');
    terminal.write(key);
    await terminal.waitFor('received 31 characters');
    expect(terminal.transcript()).not.toContain('canary');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('Gemini API key: ••••••x7Qa, 31 characters');
    expect(terminal.scrollback()).toContain(`"raw":"${key}"`);
  });

  it('applies a plan only on an empty line, and goes back on Esc', async () => {
    const terminal = demo.open('plan,plan', { kind: 'plain' });
    await terminal.waitFor('Enter alone applies it.');
    terminal.write('n');
    await terminal.waitFor('> n');
    terminal.write(keys.enter);
    await terminal.waitFor('Nothing was applied.');
    terminal.write(keys.escape);
    await terminal.waitFor(/alone applies it[\s\S]*alone applies it/);
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toMatch(/"back"[\s\S]*"accept"/);
  });

  it('cancels on Ctrl-C', async () => {
    const terminal = demo.open('secret', { kind: 'plain' });
    await terminal.waitFor('it is not shown');
    terminal.write(keys.ctrlC);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('reply {"type":"cancel"}');
  });

  it.each([{ CI: '1' }, {}])('does not ask in a non-interactive run (%o)', async (env) => {
    const result = await run(process.execPath, [join(demo.folder, 'demo.mjs'), 'secret', 'plain'], {
      env: { ...process.env, ...env },
    }).catch((error: unknown) => error as { stderr: string });
    expect(result.stderr).toContain('Gemini API key is missing, and this run is not interactive.');
  });
});

it('plain mode reports the progress of a run without cursor movements', async () => {
  const { stdout } = await run(process.execPath, [join(demo.folder, 'demo.mjs'), 'storm', 'plain']);
  expect(stdout).toBe('1 of 1  Index the book…\n✓ Index the book: stormed (0:01)\ndemo ended\n');
});

describe('NDJSON', () => {
  it('is one versioned object per line, and nothing else', async () => {
    const { stdout } = await run(process.execPath, [join(demo.folder, 'demo.mjs'), 'storm', 'ndjson']);
    const lines = stdout.replace('demo ended\n', '').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toHaveLength(302);
    for (const event of events) {
      expect(event).toMatchObject({ v: 1, type: expect.any(String) as string });
      expect(new Date(String(event['at'])).toISOString()).toBe(event['at']);
    }
  });

  it('ends silently when its reader closes the pipe', async () => {
    const child = spawn(process.execPath, [join(demo.folder, 'demo.mjs'), 'storm', 'ndjson']);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('the chosen renderer', () => {
  const terminal = { json: false, plain: false, stdinIsTTY: true, stdoutIsTTY: true, env: {} };
  it.each([
    ['an interactive terminal', {}, 'ink'],
    ['--json', { json: true }, 'ndjson'],
    ['--plain', { plain: true }, 'plain'],
    ['CI', { env: { CI: 'true' } }, 'plain'],
    ['CI=false', { env: { CI: 'false' } }, 'ink'],
    ['a dumb terminal', { env: { TERM: 'dumb' } }, 'plain'],
    ['ACCESSIBLE', { env: { ACCESSIBLE: '1' } }, 'plain'],
    ['a pipe in', { stdinIsTTY: false }, 'plain'],
    ['a pipe out', { stdoutIsTTY: false }, 'plain'],
  ])('%s', (_, options, kind) => {
    expect(chooseRenderer({ ...terminal, ...options })).toBe(kind);
  });
});

it('React is loaded for the Ink renderer only', () => {
  const entry = readFileSync(join(demo.folder, 'demo.mjs'), 'utf8');
  const chunks = readdirSync(demo.folder).map((name) => readFileSync(join(demo.folder, name), 'utf8'));
  expect(chunks.some((text) => text.includes('react-reconciler'))).toBe(true);
  expect(entry).not.toContain('react-reconciler');
  const statics = [...entry.matchAll(/^import .*from "\.\/(.*)";$/gm)].map((match) => match[1] ?? '');
  for (const name of statics) {
    expect(readFileSync(join(demo.folder, name), 'utf8')).not.toContain('react-reconciler');
  }
});
