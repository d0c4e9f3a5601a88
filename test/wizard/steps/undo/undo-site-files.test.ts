import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readProject } from '../../../../wizard/frontend/read-project.ts';
import { planChat } from '../../../../wizard/frontend/wiring/plan-chat.ts';
import type { FileChange } from '../../../../wizard/frontend/wiring/write-files.ts';
import { createdResources } from '../../../../wizard/model/run/created-resources.ts';
import type { Journal, JournalEntry } from '../../../../wizard/model/run/journal.ts';
import { writeSiteFiles } from '../../../../wizard/steps/site-files/write-site-files.ts';
import { undoSiteFiles } from '../../../../wizard/steps/undo/undo-site-files.ts';

let dir: string;
let entries: JournalEntry[];
let journal: Journal;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'undo-files-'));
  entries = [];
  journal = {
    entries,
    add: async (entry) => {
      // As read from the disk.
      entries.push(JSON.parse(JSON.stringify({ at: '', ...entry })) as JournalEntry);
    },
  };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const configs = {
  'an object': "module.exports = {\n  title: 'é 📕',\n  baseUrl: '/',\n  scripts: ['/own.js'],\n};\n",
  'Windows lines': "export default {\r\n  title: 'T',\r\n  baseUrl: '/docs/',\r\n};",
  'a computed list': "const more = () => [];\nmodule.exports = { baseUrl: '/', scripts: more() };\n",
};
const configName = 'docusaurus.config.js';
const read = (path: string): string => readFileSync(join(dir, path), 'utf8');

async function addChat(config: string): Promise<void> {
  writeFileSync(join(dir, configName), config);
  const files = await readProject({ dir, signal: new AbortController().signal });
  const plan = planChat({ files, framework: 'docusaurus', api: 'https://ana-book.hf.space' });
  if (plan.type === 'none') throw new Error(plan.reason);
  const changes = [...plan.files].map(([path, after]) => ({ path, before: files.get(path) ?? null, after }));
  await writeSiteFiles(journal, { dir, changes });
}

const undo = async (): Promise<string[]> => {
  const actions = await undoSiteFiles(createdResources(entries));
  for (const { run } of actions) await run?.();
  return actions.map(({ what, run }) => (run === null ? `stays: ${what}` : what));
};

it.each(Object.entries(configs))('takes the chat out of %s byte for byte', async (_, config) => {
  await addChat(config);
  expect(read(configName)).toContain('book-chat.js');
  expect(read('static/book-chat.js')).not.toBe('');
  await undo();
  expect(read(configName)).toBe(config);
  expect(() => read('static/book-chat.js')).toThrow('ENOENT');
  expect(await undo()).toEqual([]);
});

it('shows what it puts back', async () => {
  await addChat(configs['an object']);
  const diffs = (await undoSiteFiles(createdResources(entries))).flatMap(({ diff }) => diff ?? []);
  expect(diffs).toEqual([expect.stringMatching(/^-.*book-chat\.js/m)]);
});

it('keeps a file that was edited since, and says so; the other one goes', async () => {
  await addChat(configs['an object']);
  const edited = `${read(configName)}// mine\n`;
  writeFileSync(join(dir, configName), edited);
  expect((await undo()).toSorted()).toEqual([
    expect.stringContaining('removes static/book-chat.js'),
    expect.stringMatching(/^stays: docusaurus\.config\.js .* edited since/),
  ]);
  expect(read(configName)).toBe(edited);
});

it('does not touch a loader that was edited since', async () => {
  await addChat(configs['an object']);
  writeFileSync(join(dir, 'static/book-chat.js'), 'mine');
  expect(await undo()).toContainEqual(expect.stringMatching(/^stays: static\/book-chat\.js/));
  expect(read('static/book-chat.js')).toBe('mine');
});

it('has nothing to do after git or a killed run took it back', async () => {
  await addChat(configs['an object']);
  writeFileSync(join(dir, configName), configs['an object']);
  rmSync(join(dir, 'static'), { recursive: true });
  expect(await undo()).toEqual([]);
});

it('takes several changes of one file back, the latest first', async () => {
  const change = (before: string | null, after: string): FileChange => ({ path: 'llms.txt', before, after });
  await writeSiteFiles(journal, { dir, changes: [change(null, 'one\n')] });
  await writeSiteFiles(journal, { dir, changes: [change('one\n', 'one two\n')] });
  expect(await undo()).toHaveLength(2);
  expect(() => read('llms.txt')).toThrow('ENOENT');
});

it('keeps no part of a file that looks like a secret', async () => {
  const key = `hf_${'Ab3'.repeat(11)}`;
  writeFileSync(join(dir, 'a.js'), key);
  await writeSiteFiles(journal, { dir, changes: [{ path: 'a.js', before: key, after: 'env' }] });
  expect(JSON.stringify(entries)).not.toContain(key);
  expect(await undo()).toEqual([expect.stringMatching(/^stays: .*looked like a secret/)]);
});

it('refuses a file that changes between the plan and the undo', async () => {
  await addChat(configs['an object']);
  const actions = await undoSiteFiles(createdResources(entries));
  writeFileSync(join(dir, configName), 'mine');
  const action = actions.find(({ resource }) => resource.id === configName);
  await expect(action?.run?.()).rejects.toMatchObject({ code: 'frontend-files-changed' });
  expect(read(configName)).toBe('mine');
});
