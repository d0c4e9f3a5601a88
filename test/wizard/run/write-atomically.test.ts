import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeAtomically } from '../../../wizard/run/write-atomically.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('replaces a file, which only its owner reads', async () => {
  const path = join(dir, 'state.json');
  await writeAtomically(path, 'old');
  await writeAtomically(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('leaves no temporary file behind when it fails', async () => {
  const path = join(dir, 'a-folder');
  await mkdir(path);
  await expect(writeAtomically(path, 'text')).rejects.toThrow();
  expect(await readdir(dir)).toEqual(['a-folder']);
});
