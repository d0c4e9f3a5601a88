import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { copySite, sampleSites } from '../sites/sample-sites.ts';
import { git, pushWhenWritten } from './push-when-written.ts';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

const sites = fileURLToPath(new URL('../../sandbox/sites/', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'frontend-test-'));
let sandbox: SandboxProcess;

beforeAll(async () => {
  sandbox = await startSandbox();
}, 180_000);
afterAll(async () => {
  await sandbox?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Creates a sample site in a git repository, and a Vercel project that is built from it. */
async function projectOf(
  name: string,
  { as = name, repository = `ana/${as}` as string | null, below: subfolder = null as string | null } = {},
): Promise<string> {
  const site = sampleSites.find((site) => site.name === name);
  if (site === undefined) throw new Error(name);
  const folder = join(root, as);
  copySite(site, join(folder, subfolder ?? ''));
  // A decoy in the root: another package of the same repository.
  if (subfolder !== null) {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'package.json'), '{"name":"top","dependencies":{"vite":"^7"}}');
    writeFileSync(join(folder, 'src/a.js'), "fetch(import.meta.env.VITE_OTHER_API_URL + '/api/chat')");
  }
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'A book');
  const command = [process.execPath, join(sites, 'bundle.mjs'), site.tool];
  const build = { command, output: 'dist' };
  const project = { name: as, folder, framework: site.tool, build, repository, rootDirectory: subfolder };
  await sandbox.setControls({ vercel: { site: project } });
  return folder;
}

function deploy(project: string, args: string[], { env = {}, onStart = () => {} } = {}): Promise<WizardRun> {
  const own = { ...sandbox.env, XDG_STATE_HOME: join(root, 'state'), ...env };
  return runWizard({
    args: ['--yes', '--json', '--vercel-project', project, ...args],
    env: own,
    onStart,
  });
}

const notices = (run: WizardRun, code: string) =>
  eventsOf(run, 'notice').filter((event) => event['code'] === code);
const failure = (run: WizardRun) =>
  run.events.at(-1)?.['failure'] as { code: string; message: string; remedy: string } | null;

describe('a site whose variable reaches its pages', () => {
  it.each(['vite-env', 'cra-endpoint', 'next-public', 'head-script'])(
    '%s is live after one run',
    async (name) => {
      const folder = await projectOf(name, { as: `${name}-live` });
      const run = await deploy(`${name}-live`, ['--frontend', folder]);
      expect(failure(run), run.stderr).toBeNull();
      expect(run.code).toBe(0);
      expect(notices(run, 'frontend-found')).toHaveLength(1);
    },
    180_000,
  );
});

describe('a site with the URL of another Space', () => {
  it('is reported with a diff, and nothing is written', async () => {
    const folder = await projectOf('vite-written');
    const run = await deploy('vite-written', ['--frontend', folder]);
    expect(failure(run)).toMatchObject({
      code: 'frontend-not-wired',
      message: expect.stringContaining('ana-old-book.hf.space'),
    });
    expect(notices(run, 'frontend-diff')).toHaveLength(1);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  }, 180_000);

  it('is changed as shown, and the run waits for the deployment of the user’s commit', async () => {
    const folder = await projectOf('vite-written', { as: 'written' });
    const run = await deploy('written', ['--frontend', folder, '--write-frontend', '--wait-for-push'], {
      onStart: () =>
        void pushWhenWritten(sandbox, { folder, project: 'written', signal: AbortSignal.timeout(170_000) }),
    });
    expect(failure(run), run.stderr).toBeNull();
    const [diff] = notices(run, 'frontend-diff');
    expect(changes(git(folder, 'diff', '--no-color', 'HEAD~1', 'HEAD'))).toEqual(
      changes(String(diff?.['message'])),
    );
    expect(
      eventsOf(run, 'step-done').find((event) => event['step'] === 'redeploy-frontend')?.['outcome'],
    ).toBe('changed');
    const again = await deploy('written', ['--frontend', folder]);
    expect(eventsOf(again, 'step-done').map((event) => event['outcome'])).not.toContain('changed');
  }, 180_000);

  it('ends the run with the git command when it does not wait for a push, and a later run completes', async () => {
    const folder = await projectOf('vite-written', { as: 'alone' });
    const run = await deploy('alone', ['--frontend', folder, '--write-frontend']);
    expect(failure(run), run.stdout.slice(-900)).toMatchObject({ code: 'frontend-not-pushed' });
    expect(run.events.at(-1)).toMatchObject({ ok: false, exitCode: 1 });
    expect(failure(run)?.remedy).toContain(`In ${folder}: git add src/address.js && git commit`);
    expect(git(folder, 'status', '--porcelain')).toBe('M src/address.js');
    // Before the push: the page does not have the URL yet, and the run says why.
    const early = await deploy('alone', ['--frontend', folder]);
    expect(failure(early)).toMatchObject({ code: 'frontend-not-pushed' });
    git(folder, 'commit', '-q', '-am', 'Wired');
    const pushed = { project: 'alone', folder, sha: git(folder, 'rev-parse', 'HEAD') };
    await sandbox.setControls({ vercel: { push: pushed } });
    const again = await deploy('alone', ['--frontend', folder]);
    expect(failure(again), again.stdout.slice(-900)).toBeNull();
  }, 180_000);

  it('with uncommitted changes is not changed', async () => {
    const folder = await projectOf('vite-written', { as: 'dirty' });
    execFileSync('sh', ['-c', 'echo "// mine" >> src/address.js'], { cwd: folder });
    const before = readFileSync(join(folder, 'src/address.js'), 'utf8');
    const run = await deploy('dirty', ['--frontend', folder, '--write-frontend']);
    expect(failure(run)?.code).toBe('frontend-files-dirty');
    expect(readFileSync(join(folder, 'src/address.js'), 'utf8')).toBe(before);
  }, 180_000);
});

describe('a site that calls its own origin', () => {
  it('gets a rewrite before its catch-all, and is proved through it', async () => {
    const folder = await projectOf('vite-same-origin');
    const args = ['--frontend', folder, '--space', 'ana/rewritten'];
    // This run creates the Space, so the shown diff has a placeholder instead of its URL.
    const run = await deploy('vite-same-origin', [...args, '--write-frontend', '--wait-for-push'], {
      onStart: () =>
        void pushWhenWritten(sandbox, {
          folder,
          project: 'vite-same-origin',
          signal: AbortSignal.timeout(170_000),
        }),
    });
    expect(failure(run), run.stdout.slice(-900)).toBeNull();
    const url = (run.events.at(-1)?.['deployment'] as { url: string } | undefined)?.url ?? '';
    const [diff] = notices(run, 'frontend-diff');
    const shown = String(diff?.['message']).replaceAll('https://ADDRESS-OF-THE-SPACE', url);
    expect(changes(git(folder, 'diff', '--no-color', 'HEAD~1', 'HEAD'))).toEqual(changes(shown));
    const again = await deploy('vite-same-origin', args);
    expect(failure(again), again.stdout.slice(-900)).toBeNull();
    expect(eventsOf(again, 'step-done').map((event) => event['outcome'])).not.toContain('changed');
  }, 180_000);

  it('is reported with a diff when nothing may be written', async () => {
    const folder = await projectOf('vite-same-origin', { as: 'asking-itself' });
    const run = await deploy('asking-itself', ['--frontend', folder, '--space', 'ana/rewritten']);
    expect(failure(run)?.code).toBe('frontend-not-wired');
    expect(notices(run, 'frontend-diff')).toHaveLength(1);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  }, 120_000);

  it('loses the rewrite again by undo, byte for byte', async () => {
    const folder = join(root, 'vite-same-origin');
    const args = ['undo', '--yes', '--json', '--space', 'ana/rewritten'];
    const run = await runWizard({ args, env: { ...sandbox.env, XDG_STATE_HOME: join(root, 'state') } });
    expect(failure(run), run.stdout.slice(-900)).toBeNull();
    expect(git(folder, 'diff', '--no-color', 'HEAD')).not.toBe('');
    expect(git(folder, 'diff', '--no-color', 'HEAD~1')).toBe('');
  }, 120_000);
});

describe('a site that must not be touched', () => {
  /** A Vite site of one script, as a Vercel project. */
  async function siteOf(as: string, script: string): Promise<string> {
    const folder = await projectOf('vite-env', { as });
    writeFileSync(join(folder, 'src/main.js'), script);
    git(folder, 'commit', '-q', '-am', 'Its own script');
    return folder;
  }
  const untouched = (run: WizardRun) =>
    eventsOf(run, 'step-done')
      .filter(({ step }) => /^(?:set|redeploy)-frontend/.test(String(step)))
      .map(({ outcome }) => outcome);
  const login = `const API = import.meta.env.VITE_API_URL;
document.onclick = () => fetch(API + '/auth/login', { method: 'POST', body: JSON.stringify({ email: 1, password: 2 }) });
`;

  it('has no chat: no variable is written and nothing is redeployed', async () => {
    const folder = await siteOf('no-chat', login);
    const run = await deploy('no-chat', ['--frontend', folder, '--frontend-targets', 'production,preview']);
    expect(untouched(run), run.stdout.slice(-900)).toEqual(['skipped', 'skipped']);
    expect(notices(run, 'frontend-not-wired')).toHaveLength(1);
    expect(run.events.at(-1)).toMatchObject({ ok: false });
  }, 180_000);

  it('shares its chat’s address with a login: only the chat’s request may move, by a change of the source', async () => {
    const chat = `const ask = (q) => fetch(API + '/chat', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ message: q }) })
  .then((r) => r.json()).then((d) => { document.title = d.answer; });
ask(document.title);
`;
    const folder = await siteOf('shared', login + chat);
    const run = await deploy('shared', ['--frontend', folder]);
    expect(run.code, run.stdout.slice(-900)).toBe(12);
    expect(failure(run)).toMatchObject({
      code: 'frontend-unclear',
      message: expect.stringContaining('POST /auth/login (src/main.js:2)'),
    });
    expect(eventsOf(run, 'step-done')).toEqual([]);
    expect(String(notices(run, 'frontend-diff')[0]?.['message'])).toContain('VITE_CHAT_API_URL || API');
  }, 180_000);

  it('whose pages are not live yet is deployed, and not proved', async () => {
    const folder = await projectOf('vite-env', { as: 'unpublished' });
    await sandbox.setControls({ vercel: { unpublished: { project: 'unpublished', pages: 'all' } } });
    const run = await deploy('unpublished', ['--frontend', folder]);
    expect(run.events.at(-1), run.stdout.slice(-900)).toMatchObject({
      ok: false,
      exitCode: 11,
      failure: null,
    });
    expect(run.code).toBe(11);
    expect(notices(run, 'frontend-unproven')[0]?.['remedy']).toContain('Push your book first');
  }, 180_000);
});

describe('the project', () => {
  it.each(['git remote', 'link', 'domain'])(
    'is found by its %s',
    async (by) => {
      const as = `found-${by.replace(' ', '-')}`;
      const folder = await projectOf('vite-env', { as });
      const { projects } = await vercelState();
      const { id = '', origin = '' } = projects[as] ?? {};
      if (by === 'git remote') git(folder, 'remote', 'add', 'origin', `git@github.com:ana/${as}.git`);
      if (by === 'link') {
        mkdirSync(join(folder, '.vercel'));
        writeFileSync(join(folder, '.vercel/project.json'), JSON.stringify({ projectId: id, orgId: 'x' }));
      }
      // A project has its domain once its first deployment is built.
      if (by === 'domain')
        await vi.waitUntil(async () => (await fetch(origin)).ok, { timeout: 30_000, interval: 100 });
      const projectFlag = by === 'domain' ? ['--vercel-project', `${origin}/docs`] : [];
      const run = await runWizard({
        args: ['plan', '--json', '--frontend', folder, ...projectFlag],
        env: { ...withoutProject(sandbox.env), XDG_STATE_HOME: join(root, 'state') },
      });
      expect(eventsOf(run, 'plan-ready')[0]?.['target'], run.stdout.slice(-900)).toMatchObject({
        project: as,
      });
    },
    180_000,
  );
});

describe('a site in one folder of its repository', () => {
  it('is found in the folder that Vercel builds, and deployed from the repository’s root', async () => {
    const folder = await projectOf('vite-env', { as: 'many', repository: null, below: 'packages/book' });
    await sandbox.setControls({ vercel: { neverDeployed: 'many' } });
    const run = await deploy('many', ['--frontend', folder]);
    expect(failure(run), run.stdout.slice(-900)).toBeNull();
    expect(String(notices(run, 'frontend-found')[0]?.['message'])).toContain('VITE_API_BASE_URL');
    const again = await deploy('many', ['--frontend', join(folder, 'packages/book')]);
    expect(failure(again), again.stdout.slice(-900)).toBeNull();
    expect(eventsOf(again, 'step-done').map((event) => event['outcome'])).not.toContain('changed');
  }, 180_000);
});

describe('a project that was never deployed', () => {
  it('is deployed from its folder', async () => {
    const folder = await projectOf('vite-env', { as: 'fresh', repository: null });
    await sandbox.setControls({ vercel: { neverDeployed: 'fresh' } });
    // The client emits events for each file, whose listeners must not accumulate.
    for (let at = 0; at < 40; at += 1) writeFileSync(join(folder, `src/page-${at}.js`), `// ${at}\n`);
    const run = await deploy('fresh', ['--frontend', folder]);
    expect(failure(run), run.stderr).toBeNull();
    const outcome = eventsOf(run, 'step-done').find((event) => event['step'] === 'redeploy-frontend');
    expect(outcome).toMatchObject({ outcome: 'changed' });
    expect(run.stderr).not.toContain('MaxListenersExceededWarning');
  }, 180_000);
});

async function vercelState() {
  const response = await fetch(`${sandbox.env['SANDBOX_ADMIN_URL']}/world`);
  const { vercel } = (await response.json()) as {
    vercel: { projects: Record<string, { id: string; origin: string }> };
  };
  return vercel;
}

function withoutProject(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'VERCEL_PROJECT'));
}

/** Removed and added lines of a diff. */
const changes = (diff: string): string[] =>
  diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line) && !line.startsWith('---'));
