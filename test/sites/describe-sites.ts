import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { git } from '../e2e/push-when-written.ts';
import { eventsOf } from '../e2e/sandbox-process.ts';
import {
  buildOf,
  deploy,
  deployWithChange,
  failureOf,
  hasBrowser,
  publish,
  selectSites,
  siteOf,
  useLane,
  type Build,
  type Lane,
} from './lane.ts';
import type { SampleSite } from './sample-site.ts';
import { copySite } from './sample-sites.ts';

function projectOf(lane: Lane, site: SampleSite, build: Build): Promise<string> {
  const folder = join(lane.root, site.name);
  copySite(site, folder);
  return publish(lane, { ...site, folder, build });
}

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

/** Deploys it as it is, which the proof must refuse where no variable gets there; then with its change. Its URL. */
async function madeLive(lane: Lane, site: SampleSite, build: Build): Promise<string> {
  const folder = await projectOf(lane, site, build);
  if (!site.reaches) {
    const unwired = await deploy(lane, site, ['--frontend', folder]);
    expect(failureOf(unwired)?.code, unwired.stderr).toBe('frontend-not-wired');
    expect(git(folder, 'status', '--porcelain')).toBe('');
  }
  const run = await deployWithChange(lane, { name: site.name, folder });
  expect(failureOf(run), run.stdout.slice(-3000)).toBeNull();
  const diff = eventsOf(run, 'notice').find(({ code }) => code === 'frontend-diff');
  expect(diff !== undefined).toBe(!site.reaches);
  for (const file of site.untouched ?? [])
    expect(git(folder, 'log', '--format=%s', '--', file)).toBe('A book');
  return `${siteOf(run)}/`;
}

/** The tests of some of the sites, in a sandbox of their own. */
export function describeSites(sites: readonly SampleSite[]): void {
  const open = useLane();
  describe.each(selectSites(sites))('$name ($mechanism)', (site) => {
    const build = buildOf(site);
    let url = '';
    it.skipIf(build === null)('is live only when it is wired, and the proof says so', async () => {
      if (build !== null) url = await madeLive(open(), site, build);
    });
    it.skipIf(build === null || !hasBrowser)('answers a reader in a browser, cited', async () => {
      const { browser } = open();
      if (url === '' || browser === null) throw new Error('It is not live.');
      const seen = await chatIn(browser, `${url}${site.page ?? ''}`);
      expect(seen).toMatchObject({ failure: '', errors: [] });
      expect(seen.answer).toMatch(/\[Source 1\]/);
      if (site.hasNoLinks === true) expect(seen.followed).toEqual([]);
      else expect(seen.followed).not.toEqual([]);
      for (const visit of seen.followed) expect(visit).toMatchObject({ status: 200, hasAnchor: true });
    });
  });
}
