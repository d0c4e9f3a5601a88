import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, runWizard, startSandbox, type Sandbox, type WizardRun } from '../e2e/sandbox-process.ts';
import { copySite, sampleSites, type SampleSite } from './sample-sites.ts';

const { SITES_DOCUSAURUS = '', SITES_VITE = '', SITES_CHROMIUM = '', SITES_ONLY = '' } = process.env;
const bundler = fileURLToPath(new URL('../../sandbox/sites/bundle.mjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sites-lane-'));
const only = SITES_ONLY.split(',').filter((name) => name !== '');

let sandbox: Sandbox;
let browser: Browser | null = null;

beforeAll(async () => {
  sandbox = await startSandbox();
  if (SITES_CHROMIUM === '') return;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  browser = await chromium.launch({ executablePath: SITES_CHROMIUM, headless: true, args });
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.stop();
  rmSync(root, { recursive: true, force: true });
});

type Build = { command: string[]; output: string; modules: string | null };

/** The real tool where there is one; null where it could not be installed. */
function buildOf({ tool }: SampleSite): Build | null {
  if (tool === 'docusaurus') {
    if (SITES_DOCUSAURUS === '') return null;
    const cli = join(SITES_DOCUSAURUS, '@docusaurus/core/bin/docusaurus.mjs');
    return { command: [process.execPath, cli, 'build'], output: 'build', modules: SITES_DOCUSAURUS };
  }
  if (tool === 'vite') {
    if (SITES_VITE === '') return null;
    const cli = join(SITES_VITE, 'vite/bin/vite.js');
    return { command: [process.execPath, cli, 'build'], output: 'dist', modules: SITES_VITE };
  }
  return { command: [process.execPath, bundler, tool], output: 'dist', modules: null };
}

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();

async function projectOf(site: SampleSite, build: Build): Promise<string> {
  const folder = join(root, site.name);
  copySite(site, folder);
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'A book');
  const { name, tool } = site;
  await sandbox.world({
    vercel: { site: { name, folder, framework: tool, build, repository: `ana/${name}` } },
  });
  return folder;
}

function deploy(site: SampleSite, args: string[]): Promise<WizardRun> {
  return runWizard({
    args: ['--yes', '--json', '--vercel-project', site.name, '--space', 'ana/book-chat', ...args],
    env: { ...sandbox.env, XDG_STATE_HOME: join(root, 'state') },
  });
}

const failureOf = (run: WizardRun) => run.events.at(-1)?.['failure'] as { code: string } | null;

/** What a reader does, in a browser: types a question, reads the answer as it grows, sees its sources. */
async function chatIn(url: string) {
  if (browser === null) return null;
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  try {
    await page.goto(url, { waitUntil: 'load' });
    await page.fill('#chat input', 'How is the wind sensor mounted?');
    await page.click('#chat button');
    await page.waitForFunction(
      () =>
        document.querySelector('#chat .sources li') ?? document.querySelector('#chat .failure')?.textContent,
      undefined,
      { timeout: 30_000 },
    );
    return {
      answer: (await page.textContent('#chat .answer')) ?? '',
      failure: (await page.textContent('#chat .failure')) ?? '',
      sources: await page.locator('#chat .sources li').count(),
      errors,
    };
  } finally {
    await page.close();
  }
}

/** What the person does when the wizard shows the command: commits and pushes. */
async function pushWhenWritten(folder: string, project: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (git(folder, 'status', '--porcelain') === '') continue;
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'Wired');
    await sandbox.world({ vercel: { push: { project, folder, sha: git(folder, 'rev-parse', 'HEAD') } } });
    return;
  }
}

const wanted = sampleSites.filter(({ name }) => only.length === 0 || only.includes(name));

describe.each(wanted)('$name ($mechanism)', (site) => {
  const build = buildOf(site);
  it.skipIf(build === null)('works only when it is wired, and the proof says so', async () => {
    if (build === null) return;
    const folder = await projectOf(site, build);
    const ended = new AbortController();
    try {
      if (!site.reaches) {
        const unwired = await deploy(site, ['--frontend', folder]);
        expect(failureOf(unwired)?.code, unwired.stderr).toBe('frontend-not-wired');
        expect(git(folder, 'status', '--porcelain')).toBe('');
      }
      void pushWhenWritten(folder, site.name, ended.signal);
      const run = await deploy(site, ['--frontend', folder, '--write-frontend']);
      expect(failureOf(run), run.stdout.slice(-3000)).toBeNull();
      const diff = eventsOf(run, 'notice').find((one) => one['code'] === 'frontend-diff');
      expect(diff !== undefined).toBe(!site.reaches);
      const deployment = run.events.at(-1)?.['deployment'] as { frontend: string } | undefined;
      const seen = await chatIn(`${deployment?.frontend}/`);
      if (seen === null) return;
      expect(seen).toMatchObject({ failure: '', errors: [] });
      expect(seen.answer).toMatch(/\[Source 1\]/);
      expect(seen.sources).toBeGreaterThan(0);
    } finally {
      ended.abort();
    }
  });
});
