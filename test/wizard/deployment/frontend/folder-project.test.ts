import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseArguments } from '../../../../wizard/cli.ts';
import { folderProject } from '../../../../wizard/deployment/frontend/folder-project.ts';
import type { Session } from '../../../../wizard/model/runtime.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'folder-project-'));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const project = (id: string) => ({ id, name: id, teamId: null, teamSlug: null, framework: null });
const candidates = ['prj_book', 'prj_shop', 'prj_all'].map(project);

async function foundIn(folder: string, files: Record<string, unknown>): Promise<string | null> {
  for (const [path, data] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), typeof data === 'string' ? data : JSON.stringify(data));
  }
  const dir = join(top, folder);
  mkdirSync(dir, { recursive: true });
  const world = { cwd: dir, rehearsal: false, signal: new AbortController().signal } as Session['runtime'];
  return (await folderProject({ flags: parseArguments([]).flags, runtime: world }, candidates))?.id ?? null;
}

const several = {
  projects: [
    { id: 'prj_all', directory: '.' },
    { id: 'prj_book', directory: 'packages/book' },
    { id: 'prj_shop', directory: 'packages/books' },
  ],
};

describe('the project that a folder is linked to', () => {
  it.each<[string, string, Record<string, unknown>, string | null]>([
    ['by its own link', '.', { '.vercel/project.json': { projectId: 'prj_shop' } }, 'prj_shop'],
    ['by its repository’s', 'packages/book', { '.vercel/repo.json': several }, 'prj_book'],
    ['by its repository’s, from below', 'packages/book/docs', { '.vercel/repo.json': several }, 'prj_book'],
    ['by its repository’s, for the rest', 'docs', { '.vercel/repo.json': several }, 'prj_all'],
    ['by none that can be read', '.', { '.vercel/project.json': 'not JSON' }, null],
    ['by one that the token does not reach', '.', { '.vercel/project.json': { projectId: 'prj_x' } }, null],
  ])('is found %s', async (_, folder, files, expected) => {
    expect(await foundIn(folder, files)).toBe(expected);
  });
});
