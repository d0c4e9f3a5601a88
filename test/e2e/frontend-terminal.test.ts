import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { copySite, sampleSites } from '../sites/sample-sites.ts';
import { keys, openTerminal, type Terminal } from '../terminal.ts';
import { startSandbox, wizardEntry, type SandboxProcess } from './sandbox-process.ts';

const bundler = fileURLToPath(new URL('../../sandbox/sites/bundle.mjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'frontend-terminal-'));
let sandbox: SandboxProcess;
let folder: string;
let terminal: Terminal | undefined;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = join(root, 'book-site');
  copySite(
    sampleSites.find(({ name }) => name === 'vite-written')!,
    folder,
  );
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'A book');
  const build = { command: [process.execPath, bundler, 'vite'], output: 'dist' };
  const site = { name: 'book-site', folder, framework: 'vite', build, repository: 'ana/book-site' };
  await sandbox.setControls({ vercel: { site } });
}, 120_000);
afterEach(() => terminal?.close());
afterAll(async () => {
  await sandbox?.stop();
  rmSync(root, { recursive: true, force: true });
});

function git(...args: string[]): string {
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com'];
  return execFileSync('git', [...who, '--no-optional-locks', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
}

/** With every key in the environment, so that only prompts about the frontend remain. */
async function open(): Promise<Terminal> {
  terminal = openTerminal({
    command: process.execPath,
    args: [wizardEntry, '--frontend', folder, '--vercel-project', 'book-site', '--space', 'ana/in-terminal'],
    env: { ...sandbox.env, XDG_STATE_HOME: join(root, 'state'), HOME: root },
    cwd: root,
    rows: 50,
    columns: 100,
  });
  await terminal.waitFor('> 1 Begin');
  terminal.write(keys.enter);
  return terminal;
}

const question = 'Leave my files as they are';

it('shows the change, and leaves the files unchanged when it is declined', async () => {
  const wizard = await open();
  const screen = await wizard.waitFor(question, { timeoutMs: 60_000 });
  expect(screen).toContain('> 1 Make this change');
  expect(wizard.scrollback()).toContain('+++ b/src/address.js');
  wizard.write(keys.down);
  await wizard.waitFor(`> 2 ${question}`);
  wizard.write(keys.enter);
  // Without the change no variable gets into the pages, so none is set.
  await wizard.waitFor('Enter apply', { timeoutMs: 30_000 });
  expect(wizard.screen()).toMatch(/Vercel +=.*left as it is/);
  expect(git('status', '--porcelain')).toBe('');
  wizard.write(keys.ctrlC);
  expect(await wizard.exited).toEqual({ code: 130 });
  expect(git('status', '--porcelain')).toBe('');
}, 120_000);

it('writes the change when it is accepted, offers previews, shows the origins, and waits for the push', async () => {
  const wizard = await open();
  await wizard.waitFor(question, { timeoutMs: 60_000 });
  wizard.write(keys.enter);
  await wizard.waitFor('Who gets VITE_API_BASE_URL?');
  wizard.write('2');
  await wizard.waitFor('> 2 Production and previews');
  wizard.write(keys.enter);
  await wizard.waitFor('Enter apply', { timeoutMs: 30_000 });
  wizard.write('d');
  await wizard.waitFor('d summary');
  const plan = wizard.scrollback().replaceAll(/\s+/g, ' ');
  expect(plan).toContain('for production, preview');
  expect(plan).toContain('ALLOWED_ORIGINS allows http://127.0.0.1:');
  // Nothing changes before the plan is accepted.
  expect(git('status', '--porcelain')).toBe('');
  const shown = wizard.scrollback();
  wizard.write(keys.enter);
  await wizard.waitFor(/waiting for you: git add src\/address\.js/, { timeoutMs: 90_000 });
  for (const line of changedLines(git('diff', '--no-color'))) expect(shown).toContain(line.trim());
  git('commit', '-q', '-am', 'Wired');
  const push = { project: 'book-site', folder, sha: git('rev-parse', 'HEAD') };
  await sandbox.setControls({ vercel: { push } });
  expect(await wizard.exited).toEqual({ code: 0 });
  expect(readFileSync(join(folder, 'src/address.js'), 'utf8')).toContain('import.meta.env.VITE_API_BASE_URL');
}, 240_000);

/** Removed and added lines of a diff, shortened so that no terminal wraps them. */
function changedLines(diff: string): string[] {
  return diff
    .split('\n')
    .filter((line) => /^[+-](?![+-])/.test(line))
    .map((line) => line.slice(0, 60));
}
