import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readProject } from '../../../../wizard/frontend/read-project.ts';
import { findWriteObstacle, writeFiles } from '../../../../wizard/frontend/wiring/write-files.ts';

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'write-'));
  dir = join(root, 'site');
  mkdirSync(join(dir, 'src'), { recursive: true });
  writeFileSync(join(dir, 'src/a.js'), 'a\n');
  writeFileSync(join(root, 'outside.js'), 'theirs\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const change = (path: string, before: string | null = 'a\n') => ({ path, before, after: 'new\n' });

describe('the change that was shown', () => {
  it('is made, in files that are there and in new ones', async () => {
    await writeFiles(dir, [change('src/a.js'), change('plugin.cjs', null), change('static/a/b.js', null)]);
    expect(
      ['src/a.js', 'plugin.cjs', 'static/a/b.js'].map((path) => readFileSync(join(dir, path), 'utf8')),
    ).toEqual(['new\n', 'new\n', 'new\n']);
  });

  it.each([
    [
      'another text by now',
      () => writeFileSync(join(dir, 'src/a.js'), 'a \n'),
      change('src/a.js'),
      'changed',
    ],
    [
      'one that came since',
      () => writeFileSync(join(dir, 'p.cjs'), 'mine'),
      change('p.cjs', null),
      'changed',
    ],
    ['one that went', () => rmSync(join(dir, 'src/a.js')), change('src/a.js'), 'changed'],
    [
      'a link',
      () => symlinkSync(join(root, 'outside.js'), join(dir, 'link.js')),
      change('link.js', 'theirs\n'),
      'is a link',
    ],
    [
      'a folder that is a link',
      () => symlinkSync(root, join(dir, 'away')),
      change('away/outside.js', 'theirs\n'),
      'is outside',
    ],
    [
      'a file in another encoding',
      () => writeFileSync(join(dir, 'src/a.js'), Buffer.from('é\n', 'latin1')),
      change('src/a.js', Buffer.from('é\n', 'latin1').toString()),
      'changed',
    ],
    ['a way out', () => undefined, change('../outside.js', 'theirs\n'), 'is outside'],
  ])('is not made over %s, nor any of it', async (_, prepare, bad, why) => {
    prepare();
    writeFileSync(join(dir, 'src/b.js'), 'a\n');
    expect(await findWriteObstacle(dir, [bad])).toContain(why);
    await expect(writeFiles(dir, [change('src/b.js'), bad])).rejects.toMatchObject({
      code: 'frontend-files-changed',
    });
    expect(readFileSync(join(dir, 'src/b.js'), 'utf8')).toBe('a\n');
    expect(readFileSync(join(root, 'outside.js'), 'utf8')).toBe('theirs\n');
  });
});

it('reads no file that it could not write back, and keeps the mark that Windows puts before a text', async () => {
  writeFileSync(join(dir, 'src/latin.js'), Buffer.from("const a = 'é';\n", 'latin1'));
  writeFileSync(join(dir, 'src/marked.js'), "\uFEFFconst a = 'é';\n");
  const files = await readProject({ dir, signal: new AbortController().signal });
  expect([...files.keys()].toSorted()).toEqual(['src/a.js', 'src/marked.js']);
  const before = files.get('src/marked.js') ?? '';
  await writeFiles(dir, [{ path: 'src/marked.js', before, after: before.replace('é', 'e') }]);
  expect(readFileSync(join(dir, 'src/marked.js'), 'utf8')).toBe("\uFEFFconst a = 'e';\n");
});
