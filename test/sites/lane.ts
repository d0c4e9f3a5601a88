import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { git, pushWhenWritten } from '../e2e/push-when-written.ts';
import { runWizard, startSandbox, type SandboxProcess, type WizardRun } from '../e2e/sandbox-process.ts';
import type { SampleSite } from './sample-site.ts';

const { SITES_DOCUSAURUS = '', SITES_VITE = '', SITES_CHROMIUM = '', SITES_ONLY = '' } = process.env;

/** The pages are opened where there is a browser. */
export const hasBrowser = SITES_CHROMIUM !== '';
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

/** Deploys with the change to the site that the wizard proposes, which is pushed as the person would. */
export async function deployWithChange(
  lane: Lane,
  { name, folder }: { name: string; folder: string },
): Promise<WizardRun> {
  const ended = new AbortController();
  void pushWhenWritten(lane.sandbox, { folder, project: name, signal: ended.signal });
  const run = await deploy(lane, { name }, ['--frontend', folder, '--write-frontend', '--wait-for-push']);
  ended.abort();
  return run;
}

/** The address of the deployed site that a run ended with; empty where it has none. */
export function siteOf(run: WizardRun): string {
  const deployment = run.events.at(-1)?.['deployment'] as { frontend: string } | undefined;
  return deployment?.frontend ?? '';
}

async function openLane(): Promise<Lane> {
  const root = mkdtempSync(join(tmpdir(), 'sites-lane-'));
  const sandbox = await startSandbox();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const browser =
    SITES_CHROMIUM === ''
      ? null
      : await chromium.launch({ executablePath: SITES_CHROMIUM, headless: true, args });
  return { root, sandbox, browser };
}

/** A lane for the tests of a file, opened before the first of them. */
export function useLane(): () => Lane {
  let lane: Lane | undefined;
  beforeAll(async () => {
    lane = await openLane();
  });
  afterAll(async () => {
    await lane?.browser?.close();
    await lane?.sandbox.stop();
    if (lane !== undefined) rmSync(lane.root, { recursive: true, force: true });
  });
  return () => {
    if (lane === undefined) throw new Error('The lane is open within tests only.');
    return lane;
  };
}

/** The sites that the command names, or all. */
export function selectSites<Site extends { name: string }>(sites: readonly Site[]): readonly Site[] {
  const selected = sites.filter(({ name }) => only.length === 0 || only.includes(name));
  if (selected.length === 0) it.skip('none of these sites was named');
  return selected;
}
