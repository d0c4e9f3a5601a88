/** A server that moves from a Space to a Vercel Function, with its conversations and its collection. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keys, openTerminal, type Terminal } from '../terminal.ts';
import {
  eventsOf,
  runWizard,
  startSandbox,
  wizardEntry,
  type SandboxProcess,
  type WizardRun,
} from './sandbox-process.ts';

const question = 'Where do I put the rain gauge?';
let sandbox: SandboxProcess;
let stateHome: string;
let terminal: Terminal | undefined;

beforeAll(async () => {
  sandbox = await startSandbox();
  stateHome = await mkdtemp(join(tmpdir(), 'move-test-'));
});
afterAll(async () => {
  await terminal?.close();
  await sandbox?.stop();
  await rm(stateHome, { recursive: true, force: true });
});

const run = (args: string[]): Promise<WizardRun> =>
  runWizard({ args: [...args, '--yes', '--json'], env: { ...sandbox.env, XDG_STATE_HOME: stateHome } });

async function deploy(args: string[]): Promise<{ result: WizardRun; url: string }> {
  const result = await run(args);
  const last = result.events.at(-1) as { ok?: boolean; deployment?: { url: string } };
  expect(last, result.stdout.slice(-3000)).toMatchObject({ ok: true, exitCode: 0 });
  return { result, url: last.deployment?.url ?? '' };
}

async function ask(url: string, more: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: question, ...more }),
  });
  return ((await response.json()) as { conversation_id: string }).conversation_id;
}

/** A person is asked about the Space, and not again how long the conversations of its database are kept. */
async function showsPlanOfMove(): Promise<void> {
  terminal = openTerminal({
    command: process.execPath,
    args: [wizardEntry, '--hosting', 'vercel'],
    env: { ...sandbox.env, XDG_STATE_HOME: stateHome, HOME: stateHome },
    cwd: stateHome,
    rows: 60,
  });
  await terminal.waitFor('Nothing changes before');
  terminal.write(keys.enter);
  await terminal.waitFor('Which Vercel account runs the server?');
  terminal.write(keys.enter);
  await terminal.waitFor('What of the server until now, the Space ana/sample-book-chat?');
  terminal.write(keys.enter);
  await terminal.waitFor('Enter apply');
  terminal.write('d');
  await terminal.waitFor('CHAT_RETENTION_DAYS=90');
  expect(terminal.transcript()).not.toContain('How long are conversations kept?');
  terminal.write(keys.ctrlC);
  expect(await terminal.exited).toEqual({ code: 130 });
}

it('keeps conversations and collection, names the Space it leaves, and lives on when that is removed', async () => {
  const space = await deploy([]);
  const conversation = await ask(space.url);
  const vectors = (await sandbox.writes()).byName['qdrant.upsert-points'] ?? 0;

  await showsPlanOfMove();
  const moved = await deploy(['--hosting', 'vercel']);
  expect(moved.url).not.toBe(space.url);
  expect((await sandbox.writes()).byName['qdrant.upsert-points'] ?? 0).toBe(vectors);
  const sentences = eventsOf(moved.result, 'notice').map(({ message, remedy }) => `${message} ${remedy}`);
  expect(sentences.join('\n')).toContain('npx rag-space-setup undo --space ana/sample-book-chat');

  const undone = await run(['undo', '--space', 'ana/sample-book-chat']);
  expect(undone.code, undone.stdout.slice(-2000)).toBe(0);
  await expect(fetch(space.url)).rejects.toThrow();
  expect(await ask(moved.url, { conversation_id: conversation })).toBe(conversation);
  const status = await run(['status', '--hosting', 'vercel']);
  expect(status.stdout).toContain('healthy');
  const again = await run(['plan', '--hosting', 'vercel', '--detailed-exit-code']);
  expect(again.code, again.stdout.slice(-2000)).toBe(0);
});
