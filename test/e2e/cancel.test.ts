import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'cancel-test-'));
});
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sends Ctrl-C once the output matches `when`. */
function run(args: string[], when?: RegExp): Promise<WizardRun> {
  let output = '';
  let isSent = false;
  return runWizard({
    args: [...args, '--json'],
    env: { ...sandbox.env, XDG_STATE_HOME: folder },
    cwd: folder,
    onStart: (child) => {
      child.stdout?.on('data', (piece: Buffer) => {
        output += piece.toString();
        if (isSent || when?.test(output) !== true) return;
        isSent = true;
        child.kill('SIGINT');
      });
    },
  });
}

it('Ctrl-C while the Space builds lists what was created, the next step, and the command that resumes', async () => {
  await sandbox.setControls({ space: { buildMs: 8_000 } });
  const space = 'ana/cancelled-book';
  const result = await run(
    ['--yes', '--space', space, '--no-frontend'],
    /^(?=[^]*step-done[^\n]*index-book)(?=[^]*step-started[^\n]*await-build)/,
  );
  expect(result.events.at(-1), result.stdout).toMatchObject({
    exitCode: 130,
    failure: { code: 'cancelled' },
    deployment: { space },
  });
  expect(result.code).toBe(130);
  const notices = eventsOf(result, 'notice').map(({ code, message }) => [code, String(message)] as const);
  const messagesOf = (code: string) =>
    notices.filter(([name]) => name === code).map(([, message]) => message);
  expect(messagesOf('stands')).toEqual([
    expect.stringContaining('Made: the collection docusaurus-book'),
    expect.stringContaining(`Made: the Space ${space} ${sandbox.env['HF_ENDPOINT']}/spaces/${space}`),
    expect.stringContaining('Made: the server’s files'),
  ]);
  expect(messagesOf('next')).toEqual(['Next: Wait for the build.']);
  expect(messagesOf('go-back')).toEqual([`Or take it back with: npx rag-space-setup undo --space ${space}`]);
  const [command = ''] = messagesOf('go-on');
  expect(command).toBe(`Go on with: npx rag-space-setup --space ${space} --no-frontend`);

  await sandbox.setControls({ space: { buildMs: 200 } });
  const args = command.split('npx rag-space-setup ')[1]?.split(' ') ?? [];
  const second = await run(['--yes', ...args]);
  expect(second.events.at(-1), second.stdout).toMatchObject({ ok: true, deployment: { health: 'healthy' } });
}, 180_000);
