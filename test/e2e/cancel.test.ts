import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'cancelled-test-'));
});
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Ctrl-C comes once what was printed matches `when`. */
function run(args: string[], when?: RegExp): Promise<WizardRun> {
  let said = '';
  let isSent = false;
  return runWizard({
    args: [...args, '--json'],
    env: { ...sandbox.env, XDG_STATE_HOME: folder },
    cwd: folder,
    onStart: (child) => {
      child.stdout?.on('data', (piece: Buffer) => {
        said += piece.toString();
        if (isSent || when?.test(said) !== true) return;
        isSent = true;
        child.kill('SIGINT');
      });
    },
  });
}

it('Ctrl-C while the Space builds says what exists, what is next, and the command that goes on', async () => {
  await sandbox.setControls({ space: { buildMs: 8_000 } });
  const space = 'ana/cancelled-book';
  const one = await run(
    ['--yes', '--space', space, '--no-frontend'],
    /^(?=[^]*step-done[^\n]*index-book)(?=[^]*step-started[^\n]*await-build)/,
  );
  expect(one.events.at(-1), one.stdout).toMatchObject({
    exitCode: 130,
    failure: { code: 'cancelled' },
    deployment: { space },
  });
  expect(one.code).toBe(130);
  const notices = eventsOf(one, 'notice').map(({ code, message }) => [code, String(message)] as const);
  const said = (code: string) => notices.filter(([name]) => name === code).map(([, message]) => message);
  expect(said('stands')).toEqual([
    expect.stringContaining('Made: the collection docusaurus-book'),
    expect.stringContaining(`Made: the Space ${space} ${sandbox.env['HF_ENDPOINT']}/spaces/${space}`),
    expect.stringContaining('Made: the server’s files'),
  ]);
  expect(said('next')).toEqual(['Next: Wait for the build.']);
  expect(said('go-back')).toEqual([`Or take it back with: npx rag-space-setup undo --space ${space}`]);
  const [command = ''] = said('go-on');
  expect(command).toBe(`Go on with: npx rag-space-setup --space ${space} --no-frontend`);

  await sandbox.setControls({ space: { buildMs: 200 } });
  const args = command.split('npx rag-space-setup ')[1]?.split(' ') ?? [];
  const second = await run(['--yes', ...args]);
  expect(second.events.at(-1), second.stdout).toMatchObject({ ok: true, deployment: { health: 'healthy' } });
}, 180_000);
