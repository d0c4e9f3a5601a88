/** Sites without a chat get ours by the wizard's own change, are built by their real tools, and answer in Chromium. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
} from './lane.ts';

const { SITES_DOCUSAURUS = '' } = process.env;
const docusaurus2 = join(SITES_DOCUSAURUS, '../../docusaurus-2/node_modules');

type BareSite = {
  name: string;
  tool: 'docusaurus' | 'vite' | 'unknown';
  build: Build | null;
  /** The file that has the line. */
  file: string;
  /** Whether it shows the pages that answers cite. */
  hasBook: boolean;
  write(folder: string): void;
};

const page =
  '<!doctype html><html lang="en"><head><title>A Book</title></head><body><main><p>Read it.</p></main></body></html>';

function writeBook(folder: string): void {
  cpSync('sandbox/book', folder, { recursive: true });
  // Every page links to the first one, and Docusaurus refuses a link that leads nowhere.
  mkdirSync(join(folder, 'src/pages'), { recursive: true });
  writeFileSync(join(folder, 'src/pages/index.md'), '# A Book\n\nRead it.\n');
}

/** Docusaurus 2 reads no configuration in TypeScript. */
function writeOldBook(folder: string): void {
  writeBook(folder);
  for (const file of ['docusaurus.config', 'sidebars']) {
    const text = readFileSync(join(folder, `${file}.ts`), 'utf8')
      .replaceAll(/^import type .*$/gm, '')
      .replaceAll(/ satisfies [\w.]+/g, '')
      .replace(/^const (\w+): \w+ =/m, 'const $1 =')
      .replace(/^export default /m, 'module.exports = ')
      .replaceAll('./sidebars.ts', './sidebars.js');
    writeFileSync(join(folder, `${file}.js`), text);
    rmSync(join(folder, `${file}.ts`));
  }
}

function writePage(folder: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'package.json'), '{"name":"page","private":true}');
}

/** A page that is served as it is. */
const copyBuild: Build = {
  command: [
    process.execPath,
    '-e',
    "const fs=require('fs');for(const f of ['index.html','book-chat.js'])if(fs.existsSync(f))fs.cpSync(f,'dist/'+f)",
  ],
  output: 'dist',
  modules: null,
};

function oldBuild(): Build | null {
  const build = buildOf({ tool: 'docusaurus' });
  if (build === null || !existsSync(docusaurus2)) return null;
  const cli = join(docusaurus2, '@docusaurus/core/bin/docusaurus.mjs');
  return { ...build, command: [process.execPath, cli, 'build'], modules: docusaurus2 };
}

const sites: readonly BareSite[] = [
  {
    name: 'widget-docusaurus',
    tool: 'docusaurus',
    build: buildOf({ tool: 'docusaurus' }),
    file: 'docusaurus.config.ts',
    hasBook: true,
    write: writeBook,
  },
  {
    name: 'widget-docusaurus-2',
    tool: 'docusaurus',
    build: oldBuild(),
    file: 'docusaurus.config.js',
    hasBook: true,
    write: writeOldBook,
  },
  {
    name: 'widget-vite',
    tool: 'vite',
    build: buildOf({ tool: 'vite' }),
    file: 'index.html',
    hasBook: false,
    write: (folder) => {
      writePage(folder);
      const manifest = '{"name":"page","private":true,"devDependencies":{"vite":"^7.0.0"}}';
      writeFileSync(join(folder, 'package.json'), manifest);
    },
  },
  {
    name: 'widget-page',
    tool: 'unknown',
    build: copyBuild,
    file: 'index.html',
    hasBook: false,
    write: writePage,
  },
];

const questions = [
  'How is the wind sensor mounted?',
  'How long does a full battery last with no sun?',
  'Where does the thermometer go?',
];

const open = useLane();
describe.each(selectSites(sites))('$name', (site) => {
  let url = '';
  it.skipIf(site.build === null)('gets the chat by the shown change, and the proof finds it', async () => {
    if (site.build === null) return;
    const lane = open();
    const folder = join(lane.root, site.name);
    site.write(folder);
    await publish(lane, { ...site, folder, build: site.build });
    // Without the change, the proof says that the page does not reach the server.
    const without = await deploy(lane, site, ['--frontend', folder]);
    expect(failureOf(without)?.code ?? without.code, without.stdout.slice(-3000)).not.toBe(0);
    expect(without.events.at(-1)).toMatchObject({ ok: false });
    expect(git(folder, 'status', '--porcelain')).toBe('');
    const run = await deployWithChange(lane, { name: site.name, folder });
    expect(failureOf(run), run.stdout.slice(-3000)).toBeNull();
    expect(eventsOf(run, 'notice').filter(({ code }) => code === 'frontend-diff')).toHaveLength(1);
    expect(git(folder, 'diff', '--name-only', 'HEAD~1', 'HEAD')).toContain(site.file);
    url = siteOf(run);
    // A site that has it is not offered it again.
    const again = await deploy(lane, site, ['--frontend', folder]);
    expect(failureOf(again), again.stdout.slice(-3000)).toBeNull();
    expect(eventsOf(again, 'notice').some(({ code }) => code === 'frontend-diff')).toBe(false);
  });

  it.skipIf(site.build === null || !hasBrowser)(
    'answers a reader, and marks the cited sentence in the page that a source opens',
    async () => {
      const { browser } = open();
      if (url === '' || browser === null) throw new Error('It is not live.');
      for (const question of site.hasBook ? questions : questions.slice(0, 1)) {
        const tab = await browser.newPage();
        await tab.goto(url, { waitUntil: 'load' });
        await tab.locator('book-chat .launcher').click();
        const panel = tab.locator('book-chat .panel');
        await panel.locator('#question').fill(question);
        await panel.locator('#question').press('Enter');
        await panel.locator('.answer:not([aria-busy]) h2').waitFor();
        const link = panel.locator('.answer > ol a').first();
        const { quote } = (await tab.evaluate(
          () => JSON.parse(sessionStorage.getItem('book-chat') ?? '{}').turns[0].sources[0],
        )) as { quote: string };
        expect(quote.length).toBeGreaterThan(10);
        if (site.hasBook) {
          await link.click();
          await tab.waitForURL(/\/docs\//);
          const marked = (): Promise<string> =>
            tab.evaluate(() => {
              const [range] = CSS.highlights.get('book-chat-citation') ?? [];
              return range === undefined ? '' : (range as Range).toString();
            });
          const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '');
          await expect.poll(async () => letters(await marked()), { timeout: 15_000 }).toBe(letters(quote));
        }
        await tab.close();
      }
    },
  );
});
