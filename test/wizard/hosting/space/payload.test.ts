import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildPayload, shippedFiles } from '../../../../wizard/hosting/space/payload.ts';
import { blobIdOf } from '../../../../wizard/hosting/space/space-files.ts';

let folder = '';
const readme = '---\ntitle: {{title}}\nsdk: docker\n---\n\n# {{title}}\n\nAt {{frontend}}, {{unknown}}.\n';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payload-'));
  for (const path of shippedFiles) await writeFile(join(folder, path), path === 'README.md' ? readme : path);
  await writeFile(join(folder, '.env'), 'SECRET=1');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const make = (title: string, bookJson: string | null = null) =>
  buildPayload({
    folder,
    title,
    frontend: 'https://book.example',
    version: '1',
    bookJson,
    databaseHost: null,
  });

it('is exactly the list, and the book when there is one; nothing else in the folder is read', async () => {
  const paths = (await make('A')).files.map(({ path }) => path);
  expect(paths).toEqual([
    'Dockerfile',
    'LICENSE',
    'THIRD-PARTY-LICENCES.txt',
    'README.md',
    'server.js',
    'server.js.map',
    'mcp.js',
  ]);
  expect((await make('A', '{}')).files.map(({ path }) => path)).toEqual([...paths, 'book.json']);
});

it.each(['Robots: a "short" guide #1', "It's: {here}", 'two\nlines', '[x] & *y'])(
  'fills in the title %j',
  async (title) => {
    const { files } = await make(title);
    const text = files.find(({ path }) => path === 'README.md')?.content.toString() ?? '';
    const shown = title.replace('\n', ' ');
    expect(parse(text.split('---')[1] ?? '')).toEqual({ title: shown, sdk: 'docker' });
    expect(text).toContain(`# ${shown}\n\nAt https://book.example, {{unknown}}.`);
  },
);

it('knows a file by the names that git and the large-file storage give it', async () => {
  const { files } = await make('A');
  const file = files.find(({ path }) => path === 'LICENSE');
  // `printf LICENSE | git hash-object --stdin`
  expect(blobIdOf(file!.content)).toBe('7a694c9699a986b9adf1f6cb8a18a6e923e47ed9');
  expect(file?.sha256).toBe(createHash('sha256').update('LICENSE').digest('hex'));
});

it('has a digest that depends on the content only', async () => {
  const [first, same, other] = await Promise.all([make('A'), make('A'), make('B')]);
  expect(first.digest).toBe(same.digest);
  expect(first.digest).not.toBe(other.digest);
});

it('names the file that an incomplete installation lacks', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'payload-'));
  await expect(
    buildPayload({ folder: empty, title: '', frontend: '', version: '', bookJson: null, databaseHost: null }),
  ).rejects.toMatchObject({
    code: 'payload-missing',
  });
  await rm(empty, { recursive: true });
});
