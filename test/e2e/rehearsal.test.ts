import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { keys, openTerminal, type Terminal } from '../terminal.ts';
import { wizardEntry } from './sandbox-process.ts';

let terminal: Terminal | undefined;
afterEach(() => terminal?.close());

function rehearse({ TMPDIR, ...size }: { columns: number; rows: number; TMPDIR?: string }): Terminal {
  terminal = openTerminal({
    command: process.execPath,
    args: [wizardEntry, '--rehearse'],
    env: { HF_TOKEN: undefined, DATABASE_URL: undefined, ...(TMPDIR && { TMPDIR }) },
    ...size,
  });
  return terminal;
}

it.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
])(
  'pressing Enter three times ends with a healthy Space and a cited answer ($columns×$rows)',
  async (size) => {
    const wizard = rehearse(size);
    await wizard.waitFor('Nothing changes before');
    expect(wizard.screen()).toContain('REHEARSAL');
    wizard.write(keys.enter);
    expect(await wizard.waitFor(/Name\s+of\s+the\s+Space/)).toContain('REHEARSAL');
    wizard.write(keys.enter);
    expect(await wizard.waitFor(/Enter\s+apply/)).toContain('REHEARSAL');
    wizard.write(keys.enter);
    const end = await wizard.waitFor('Any key exits', { timeoutMs: 150_000 });
    expect(end).toContain('REHEARSAL');
    expect(wizard.scrollback()).toMatch(/\[Source 1\]/);
    expect(wizard.scrollback()).toContain('healthy');

    const origin = /API\s+(http:\/\/127\.0\.0\.1:\d+)/.exec(end)?.[1];
    const health = (await (await fetch(`${origin}/api/health`)).json()) as { status: string };
    expect(health.status).toBe('healthy');

    wizard.write('x');
    expect(await wizard.exited).toEqual({ code: 0 });
    expect(wizard.isCursorShown()).toBe(true);
    await expect(fetch(`${origin}/api/health`)).rejects.toThrow();
  },
  180_000,
);

it('proposes each key, shows why one was rejected, and accepts another', async () => {
  const wizard = rehearse({ columns: 80, rows: 24 });
  await wizard.waitFor('Nothing changes before');
  wizard.write('2');
  await wizard.waitFor('> 2');
  wizard.write(keys.enter);
  await wizard.waitFor(/Hugging Face +paste the access token/);
  wizard.paste('hf_thisTokenWasNeverIssuedByAnybody000');
  await wizard.waitFor('38 characters');
  wizard.write(keys.enter);
  const refused = await wizard.waitFor(/rejected|not accept/i);
  expect(refused).toContain('https://huggingface.co/settings/tokens');
  expect(wizard.transcript()).not.toContain('hf_thisTokenWasNeverIssuedByAnybody000');
});

it.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
])(
  'rehearses signing in, and creating cluster and database ($columns×$rows)',
  async (size) => {
    const wizard = rehearse(size);
    await wizard.waitFor(/Nothing\s+changes\s+before/);
    wizard.write('3');
    await wizard.waitFor('> 3');
    wizard.write(keys.enter);
    await wizard.waitFor(/Create\s+the\s+cluster/);
    wizard.write(keys.enter);
    await wizard.waitFor(/Which\s+Qdrant\s+cluster/);
    wizard.write(keys.enter);
    await wizard.waitFor(/Create\s+the\s+database/);
    wizard.write(keys.enter);
    await wizard.waitFor(/How\s+do\s+you\s+give\s+access/);
    wizard.write(keys.enter);
    const screen = await wizard.waitFor(/Your code: [A-Z]{4}-[A-Z]{4}/);
    const code = /code: ([A-Z-]{9})/.exec(screen)?.[1] ?? '';
    const page = /http:\/\/127\.0\.0\.1:\d+\/oauth\/device/.exec(screen)?.[0] ?? '';
    expect(await (await fetch(`${page}?user_code=${code}`)).text()).toContain('Accept');
    await fetch(`${page}?user_code=${code}&decision=approved`);
    await wizard.waitFor(/Name\s+of\s+the\s+Space/);
    wizard.write(keys.enter);
    await wizard.waitFor(/Enter\s+apply/, { timeoutMs: 60_000 });
    // Only a terminal shows the claim link; here that is one.
    expect(wizard.scrollback()).toMatch(/\/database\//);
    wizard.write(keys.ctrlC);
    expect(await wizard.exited).toEqual({ code: 130 });
    expect(wizard.scrollback()).toMatch(/Kept for\s+the\s+next\s+run/);
  },
  180_000,
);

it.each([
  ['the first question', 'Nothing changes before', 0],
  ['the name of the Space', 'Name of the Space', 1],
  ['the plan', 'Enter apply', 2],
])('Ctrl-C at %s exits with 130, restores the cursor and changes nothing', async (_, screen, enters) => {
  const wizard = rehearse({ columns: 80, rows: 24 });
  await wizard.waitFor('Nothing changes before');
  for (let pressed = 0; pressed < enters; pressed += 1) {
    wizard.write(keys.enter);
    await wizard.waitFor(pressed === 0 ? 'Name of the Space' : 'Enter apply');
  }
  await wizard.waitFor(screen);
  wizard.write(keys.ctrlC);
  expect(await wizard.exited).toEqual({ code: 130 });
  expect(wizard.isCursorShown()).toBe(true);
  expect(wizard.scrollback()).toContain('nothing was changed');
});

it('leaves no file behind, even when it is killed at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsal-test-'));
  // When the tests run as root, PostgreSQL runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
  const wizard = rehearse({ columns: 80, rows: 24, TMPDIR: folder });
  for (const screen of ['Nothing changes before', 'Name of the Space', 'Enter apply']) {
    await wizard.waitFor(screen);
    wizard.write(keys.enter);
  }
  await wizard.waitFor('Create the Space');
  wizard.write(keys.ctrlC);
  wizard.write(keys.ctrlC);
  await wizard.exited;
  // The sandbox ends a moment later, and removes all files.
  await expect.poll(() => readdir(folder), { timeout: 60_000 }).toEqual([]);
  await rm(folder, { recursive: true });
});

it('Ctrl-C while steps run reports what was created and how to resume', async () => {
  const wizard = rehearse({ columns: 80, rows: 24 });
  for (const screen of ['Nothing changes before', 'Name of the Space', 'Enter apply']) {
    await wizard.waitFor(screen);
    wizard.write(keys.enter);
  }
  await wizard.waitFor('Create the Space');
  wizard.write(keys.ctrlC);
  expect(await wizard.exited).toEqual({ code: 130 });
  expect(wizard.scrollback()).toMatch(/nothing was rolled back|nothing was changed/i);
  expect(wizard.scrollback()).toContain('Run the same command again');
});
