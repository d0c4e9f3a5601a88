import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  eventsOf,
  runWizard,
  startSandbox,
  type SandboxProcess,
  type WizardRun,
} from '../e2e/sandbox-process.ts';
import type { SampleSite } from './sample-site.ts';
import { copySite } from './sample-sites.ts';

const { SITES_DOCUSAURUS = '', SITES_VITE = '', SITES_CHROMIUM = '', SITES_ONLY = '' } = process.env;
const bundler = fileURLToPath(new URL('../../sandbox/sites/bundle.mjs', import.meta.url));
const only = SITES_ONLY.split(',').filter((name) => name !== '');

/** What one file of tests works with: a sandbox and a browser of its own. */
export type Lane = { root: string; sandbox: SandboxProcess; browser: Browser | null };

export type Build = { command: string[]; output: string; modules: string | null };

/** The real tool where there is one; null where it could not be installed. */
export function buildOf({ tool }: Pick<SampleSite, 'tool'>): Build | null {
  if (tool === 'docusaurus') {
    if (SITES_DOCUSAURUS === '') return null;
    const cli = join(SITES_DOCUSAURUS, '@docusaurus/core/bin/docusaurus.mjs');
    // Its cache lies beside the packages, which builds share that run at the same time.
    const command = ['/usr/bin/env', 'DOCUSAURUS_NO_PERSISTENT_CACHE=1', process.execPath, cli, 'build'];
    return { command, output: 'build', modules: SITES_DOCUSAURUS };
  }
  if (tool === 'vite') {
    if (SITES_VITE === '') return null;
    const cli = join(SITES_VITE, 'vite/bin/vite.js');
    return { command: [process.execPath, cli, 'build'], output: 'dist', modules: SITES_VITE };
  }
  return { command: [process.execPath, bundler, tool], output: 'dist', modules: null };
}

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', ...args], {
    cwd,
    encoding: 'utf8',
  }).trim();

function projectOf(lane: Lane, site: SampleSite, build: Build): Promise<string> {
  const folder = join(lane.root, site.name);
  copySite(site, folder);
  return publish(lane, { ...site, folder, build });
}

/** Makes a folder a repository, and a project of the sandbox's Vercel. */
export async function publish(
  { sandbox }: Lane,
  { name, tool, folder, build }: { name: string; tool: string; folder: string; build: Build },
): Promise<string> {
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'A book');
  const project = { name, folder, framework: tool, build, repository: `ana/${name}`, standing: 'sketched' };
  await sandbox.setControls({ vercel: { site: project } });
  return folder;
}

export function deploy(
  { root, sandbox }: Lane,
  site: Pick<SampleSite, 'name'>,
  args: string[],
): Promise<WizardRun> {
  return runWizard({
    args: ['--yes', '--json', '--vercel-project', site.name, '--space', 'ana/book-chat', ...args],
    env: { ...sandbox.env, XDG_STATE_HOME: join(root, 'state') },
  });
}

export const failureOf = (run: WizardRun) => run.events.at(-1)?.['failure'] as { code: string } | null;

/** What a reader does: types a question, reads the answer as it grows, follows its sources. */
async function chatIn(browser: Browser, url: string) {
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
    const answer = (await page.textContent('#chat .answer')) ?? '';
    const failure = (await page.textContent('#chat .failure')) ?? '';
    const links = await page
      .locator('#chat .sources a')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    const followed: Visit[] = [];
    for (const link of links) followed.push(await follow(browser, link));
    return { answer, failure, followed, errors };
  } finally {
    await page.close();
  }
}

type Visit = { link: string; status: number; hasAnchor: boolean };

/** The page that a source leads to, and whether its anchor is there. */
async function follow(browser: Browser, link: string): Promise<Visit> {
  const page = await browser.newPage();
  const response = await page.goto(link);
  const anchor = decodeURIComponent(new URL(link).hash.slice(1));
  const matches = await page.locator(`[id="${anchor}"]`).count();
  await page.close();
  return { link, status: response?.status() ?? 0, hasAnchor: anchor === '' || matches > 0 };
}

/** What the person does when the wizard shows the command: commits and pushes. */
export async function pushWhenWritten(
  { sandbox }: Lane,
  { folder, project, signal }: { folder: string; project: string; signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (git(folder, '--no-optional-locks', 'status', '--porcelain') === '') continue;
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'Wired');
    await sandbox.setControls({
      vercel: { push: { project, folder, sha: git(folder, 'rev-parse', 'HEAD') } },
    });
    return;
  }
}

/** Deploys it as it is, which the proof must refuse where no variable gets there; then with its change. Its URL. */
async function madeLive(lane: Lane, site: SampleSite, build: Build): Promise<string> {
  const folder = await projectOf(lane, site, build);
  if (!site.reaches) {
    const unwired = await deploy(lane, site, ['--frontend', folder]);
    expect(failureOf(unwired)?.code, unwired.stderr).toBe('frontend-not-wired');
    expect(git(folder, 'status', '--porcelain')).toBe('');
  }
  const ended = new AbortController();
  void pushWhenWritten(lane, { folder, project: site.name, signal: ended.signal });
  const run = await deploy(lane, site, ['--frontend', folder, '--write-frontend', '--wait-for-push']);
  ended.abort();
  expect(failureOf(run), run.stdout.slice(-3000)).toBeNull();
  const diff = eventsOf(run, 'notice').find(({ code }) => code === 'frontend-diff');
  expect(diff !== undefined).toBe(!site.reaches);
  for (const file of site.untouched ?? [])
    expect(git(folder, 'log', '--format=%s', '--', file)).toBe('A book');
  const deployment = run.events.at(-1)?.['deployment'] as { frontend: string } | undefined;
  return `${deployment?.frontend}/`;
}

export async function openLane(): Promise<Lane> {
  const root = mkdtempSync(join(tmpdir(), 'sites-lane-'));
  const sandbox = await startSandbox();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const browser =
    SITES_CHROMIUM === ''
      ? null
      : await chromium.launch({ executablePath: SITES_CHROMIUM, headless: true, args });
  return { root, sandbox, browser };
}

/** The tests of some of the sites, in a sandbox of their own. */
export function describeSites(sites: readonly SampleSite[]): void {
  let lane: Lane;
  beforeAll(async () => {
    lane = await openLane();
  });
  afterAll(async () => {
    await lane?.browser?.close();
    await lane?.sandbox.stop();
    if (lane !== undefined) rmSync(lane.root, { recursive: true, force: true });
  });

  const wanted = sites.filter(({ name }) => only.length === 0 || only.includes(name));
  if (wanted.length === 0) it.skip('none of these sites was named');
  describe.each(wanted)('$name ($mechanism)', (site) => {
    const build = buildOf(site);
    let url = '';
    it.skipIf(build === null)('is live only when it is wired, and the proof says so', async () => {
      if (build !== null) url = await madeLive(lane, site, build);
    });
    it.skipIf(build === null || SITES_CHROMIUM === '')('answers a reader in a browser, cited', async () => {
      if (url === '' || lane.browser === null) throw new Error('It is not live.');
      const seen = await chatIn(lane.browser, `${url}${site.page ?? ''}`);
      expect(seen).toMatchObject({ failure: '', errors: [] });
      expect(seen.answer).toMatch(/\[Source 1\]/);
      expect(seen.followed).not.toEqual([]);
      for (const visit of seen.followed) expect(visit).toMatchObject({ status: 200, hasAnchor: true });
    });
  });
}
