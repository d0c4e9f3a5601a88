import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { index } from '../../../wizard/commands/book/index-command.ts';
import { createdResources } from '../../../wizard/model/run/created-resources.ts';
import { readJournal } from '../../../wizard/run/journal-file.ts';
import { undoSiteFiles } from '../../../wizard/steps/undo/undo-site-files.ts';
import type { Reply } from '../../../wizard/model/question.ts';
import { choose, sessionWith } from '../interview/scripted-session.ts';

const space = 'ana/book-chat';
let site: string;
let stateDir: string;
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), 'llms-'));
  stateDir = join(site, '.state');
  mkdirSync(join(site, 'docs'));
  const config = "{ title: 'Weather', url: 'https://book.example', baseUrl: '/w/', presets: ['classic'] }";
  writeFileSync(join(site, 'docusaurus.config.js'), `module.exports = ${config};`);
  writeFileSync(join(site, 'docs/mast.md'), '# The [mast]\n\nMount it upright.\n');
});
afterEach(() => rmSync(site, { recursive: true, force: true }));

async function run(argv: string[], replies: Reply[] | null = null): Promise<string[]> {
  const { session, notices } = sessionWith(replies, { cwd: site, argv: ['index', '--llms-txt', ...argv] });
  const env = { HF_SPACE: space };
  await index({ ...session, runtime: { ...session.runtime, stateDir, env } });
  return notices;
}
const read = (): string => readFileSync(join(site, 'static/llms.txt'), 'utf8');
const git = (...args: string[]): void => {
  execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', ...args], { cwd: site });
};

it('lists the pages at their addresses, once the diff is accepted', async () => {
  const [diff] = await run([], [choose('no')]);
  expect(diff).toContain(String.raw`+- [The \[mast\]](https://book.example/w/docs/mast): Mount it upright.`);
  expect(read).toThrow('ENOENT');
  await run([], [choose('yes')]);
  expect(read()).toMatch(/^# Weather\n/);
  expect(await run(['--yes'])).toEqual([expect.stringContaining('is up to date')]);
});

it('is updated before it is committed, and removed by undo', async () => {
  git('init', '-q');
  await run(['--yes']);
  writeFileSync(join(site, 'docs/rain.md'), '# Rain\n\nIt rains.\n');
  await run(['--yes']);
  expect(read()).toContain('/w/docs/rain');
  const { entries } = (await readJournal({ stateDir, space })) ?? { entries: [] };
  for (const { run: undo } of await undoSiteFiles(createdResources(entries))) await undo?.();
  expect(read).toThrow('ENOENT');
});

it('leaves a file alone that git does not have as it is', async () => {
  mkdirSync(join(site, 'static'));
  writeFileSync(join(site, 'static/llms.txt'), 'mine');
  git('init', '-q');
  await expect(run(['--yes'])).rejects.toMatchObject({ code: 'frontend-files-dirty' });
  expect(read()).toBe('mine');
  git('add', '.');
  git('commit', '-q', '-m', 'A book');
  await run(['--yes']);
  expect(read()).toContain('# Weather');
});

it('writes nothing where no one accepts it', async () => {
  await expect(run([])).rejects.toMatchObject({ code: 'input-missing' });
  expect(read).toThrow('ENOENT');
});

it('needs a site, not a folder of Markdown', async () => {
  rmSync(join(site, 'docusaurus.config.js'));
  await expect(run(['--yes'])).rejects.toMatchObject({ code: 'book-not-found' });
});
