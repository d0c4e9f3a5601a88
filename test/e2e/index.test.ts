import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSite, sitemapOf } from '../indexer/crawl/serve-site.ts';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'index-test-'));
  await write({
    'book/docusaurus.config.js': "export default { title: 'T', baseUrl: '/r/', presets: [['classic', {}]] };",
    'book/docs/a.md': '# A\n\nText.\n\n## Heads *up*\n\nMore text of it.\n',
    'book/docs/b.md': '# B\n\nText.\n\n## Own {#own}\n\nMore text of it.\n',
    'hostile/docusaurus.config.js': "export default { title: 'H' };",
    'hostile/docs/a.md': '# A\n\nText.\n',
    'hostile/docs/stars.md': `# Stars\n\n${'*a_'.repeat(30_000)}\n`,
  });
});
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function run(args: string[], env: Record<string, string> = {}): Promise<WizardRun> {
  const state = { XDG_STATE_HOME: join(folder, 'state') };
  return runWizard({ args: ['index', ...args, '--json'], env: { ...state, ...env }, cwd: folder });
}

const failureOf = (result: WizardRun): unknown => result.events.at(-1)?.['failure'];
const logOf = (result: WizardRun): unknown[] => eventsOf(result, 'log').map(({ text }) => text);

describe('index --verify BUILD_DIR', () => {
  it('without a key: exit 0 if every link resolves, otherwise 1 and the broken links with their sources', async () => {
    await write({
      'good/docs/a.html': '<h1>A</h1><h2 id=heads-up>Heads</h2>',
      'good/docs/b/index.html': '<h1>B</h1><h2 class="x" id="own">Own</h2>',
      'old/docs/a.html': '<h1>A</h1><h2 id="heads">Heads</h2>',
    });
    const good = await run(['book', '--verify', 'good']);
    expect([good.code, failureOf(good)], good.stderr).toEqual([0, null]);
    expect(eventsOf(good, 'notice')).toMatchObject([
      { code: 'words-compared', message: expect.stringContaining(' words (0.00 %)') },
      { code: 'links-verified', message: 'All 2 pages and 2 anchors are in the build.' },
    ]);
    const old = await run(['--docs', 'book', '--verify', 'old']);
    expect(old.code).toBe(1);
    expect(logOf(old)).toEqual([
      'docs/a.md: /r/docs/a#heads-up: no such anchor',
      'docs/b.md: /r/docs/b: no such page',
    ]);
    expect(failureOf(old)).toMatchObject({ code: 'links-missing', kind: 'failed' });
  });

  it('compares words with a build or the live site: exit 1 above the threshold, with the words', async () => {
    const page = (text: string): string => `<article><h1>B</h1><p>${text}</p></article>`;
    await write({
      'words/docusaurus.config.js': "export default { title: 'W', presets: [['classic', {}]] };",
      'words/docs/b.md': '# B\n\nOne two three.\n',
      'shown/docs/b.html': page('One two three four.'),
    });
    const run1 = await run(['words', '--verify', 'shown']);
    expect(run1.code).toBe(1);
    expect(failureOf(run1)).toMatchObject({ code: 'words-missing' });
    expect(logOf(run1)).toEqual(['docs/b.md: /docs/b: 1 of 5 words (20.0 %) are in no section: four']);
    expect((await run(['words', '--verify', 'shown', '--threshold', '25'])).code).toBe(0);
    expect((await run(['words', '--verify', 'shown', '--threshold', 'much'])).code).toBe(2);
    await write({
      'code/docusaurus.config.js': "export default { title: 'C', presets: [['classic', {}]] };",
      'code/docs/b.mdx': "import Quiz from 'quiz';\n\n# B\n\nOne two three.\n\n<Quiz />\n",
    });
    const inCode = await run(['code', '--verify', 'shown']);
    expect([inCode.code, failureOf(inCode)]).toMatchObject([1, { code: 'words-missing' }]);
    expect(logOf(inCode)[0]).toContain('four (it shows <Quiz>, whose text is in code)');
    expect(eventsOf(inCode, 'notice')).toMatchObject([
      { message: expect.stringContaining('1 of them are on pages with components') },
    ]);
    const { origin } = await serveSite({
      '/sitemap.xml': sitemapOf(['/docs/b', '/docs/extra']),
      '/docs/b': page('One two three.'),
      '/docs/extra': page('More.'),
    });
    const live = await run(['words', '--verify', `${origin}/`]);
    expect([live.code, failureOf(live)], live.stdout).toMatchObject([1, { code: 'pages-missing' }]);
    expect(logOf(live)).toEqual(['/docs/extra: shown by the site, and not in the book']);
    const changed = await serveSite({
      '/sitemap.xml': sitemapOf(['/docs/b']),
      '/docs/b': page('One two three four.'),
    });
    const lossy = await run(['words', '--verify', `${changed.origin}/`]);
    expect([lossy.code, failureOf(lossy)], lossy.stdout).toMatchObject([1, { code: 'words-missing' }]);
  });

  it('exit 2 without a build, without a book, or for a URL', async () => {
    await write({ 'empty/docusaurus.config.js': "export default { title: 'E' };" });
    const ends = await Promise.all([
      run(['book', '--verify', 'nowhere']),
      run(['state', '--verify', 'good']),
      run(['https://book.example/', '--verify', 'good']),
      run(['empty', '--verify', 'good']),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(ends.map(failureOf)).toMatchObject([
      { code: 'build-not-found', remedy: expect.stringContaining('npm run build') },
      { code: 'book-not-found' },
      { code: 'book-not-found', message: expect.stringContaining('live site') },
      { code: 'book-empty' },
    ]);
  });
});

describe('index ADDRESS', () => {
  it('reads a live site by its sitemap, and changes nothing the second time', async () => {
    const { origin } = await serveSite({
      '/sitemap.xml': sitemapOf(['/docs/a', '/docs/b']),
      '/docs/a': '<title>A | S</title><article><h2 id="x">X</h2><p>Words of A.</p></article>',
      '/docs/b': '<title>B | S</title><article><p>Words of B.</p></article>',
    });
    const env = { ...sandbox.env, QDRANT_COLLECTION: 'live' };
    const first = await run([`${origin}/`, '--yes'], env);
    expect(first.events.at(-1), first.stderr).toMatchObject({ ok: true, exitCode: 0 });
    expect(eventsOf(first, 'notice').map(({ message }) => message)).toContain(
      `Contacts ${new URL(origin).host}: nothing: its pages are read`,
    );
    expect(eventsOf(first, 'plan-ready')).toMatchObject([
      { changes: [{ what: expect.stringMatching(/^live: 2 sections of 2 pages; about \d+ tokens/) }] },
    ]);
    const second = await run(['--docs', `${origin}/sitemap.xml`], env);
    expect(eventsOf(second, 'step-done')).toMatchObject([{ outcome: 'unchanged' }]);
  });

  it('reports a missing sitemap before any check', async () => {
    const { origin } = await serveSite({ '/': '<p>Hello.</p>' });
    const none = await run([origin, '--yes'], sandbox.env);
    expect(none.code).toBe(1);
    expect(failureOf(none)).toMatchObject({ code: 'site-no-sitemap', service: null });
    expect(eventsOf(none, 'check-started')).toEqual([]);
  });
});

it('another book gets a collection of its own, with the setting that the server needs', async () => {
  const env = { ...sandbox.env, QDRANT_COLLECTION: 'shelf' };
  await write({
    'other/docusaurus.config.js': "export default { title: 'Other', baseUrl: process.env.BASE };",
    'other/docs/x.md': 'Something else.',
  });
  const first = await run(['book', '--yes'], env);
  expect(eventsOf(first, 'notice').map(({ code }) => code)).not.toContain('collection-beside');
  const other = await run(['other', '--yes'], { ...env, BOOK_BASE_URL: '/o/' });
  expect(eventsOf(other, 'notice').map(({ code }) => code)).not.toContain('book-read-otherwise');
  expect(other.events.at(-1), other.stderr).toMatchObject({ ok: true });
  expect(eventsOf(other, 'notice').at(-1)).toMatchObject({
    code: 'collection-beside',
    message: expect.stringMatching(/is in shelf-2; shelf holds something else/),
    remedy: expect.stringContaining('QDRANT_COLLECTION is shelf-2'),
  });
});

it('a page that cannot be parsed is reported, and the others are indexed', async () => {
  const result = await run(['hostile', '--yes'], { ...sandbox.env, QDRANT_COLLECTION: 'hostile' });
  expect(result.events.at(-1), result.stderr).toMatchObject({ ok: true, exitCode: 0 });
  expect(eventsOf(result, 'notice').filter(({ code }) => code !== 'contacts')).toMatchObject([
    { code: 'pages-unread', message: expect.stringMatching(/docs\/stars\.md: it .*nest/) },
  ]);
  expect(eventsOf(result, 'step-done')).toMatchObject([
    { outcome: 'changed', reason: 'hostile: 1 section of 1 page' },
  ]);
});

it('a repository with several sites: exit 12 with their names; with one, three folders down, that one', async () => {
  const config = "export default { title: 'S', baseUrl: '/', presets: [['classic', {}]] };";
  await write({
    'several/.git/HEAD': '',
    'several/README.md': '# R\n\nText.\n',
    'several/apps/one/docusaurus.config.js': config,
    'several/apps/two/docusaurus.config.js': config,
    'single/.git/HEAD': '',
    'single/AGENTS.md': '# Never in a chat\n\nText.\n',
    'single/apps/docs/docusaurus.config.js': config,
    'single/apps/docs/docs/intro.md': '# Intro\n\nText.\n',
    'none/.git/HEAD': '',
    'none/README.md': '# R\n\nText.\n',
  });
  const several = await run(['several', '--yes'], sandbox.env);
  expect(several.code).toBe(12);
  expect(failureOf(several)).toMatchObject({
    code: 'book-ambiguous',
    message: expect.stringContaining('apps/one, apps/two'),
  });
  await write({ 'built/docs/intro.html': '<h1>Intro</h1><p>Text.</p>' });
  const single = await run(['single', '--verify', 'built']);
  expect([single.code, failureOf(single)], single.stdout).toEqual([0, null]);
  const none = await runWizard({
    args: ['index', '--yes', '--json'],
    env: { ...sandbox.env, DOCS_DIR: '', XDG_STATE_HOME: join(folder, 'state') },
    cwd: join(folder, 'none'),
  });
  expect(none.code).toBe(12);
});
