import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGit, repositoryOf } from '../../../../wizard/frontend/wiring/git.ts';

const { signal } = new AbortController();
const files = ['src/a.js', 'src/my chat.js', 'src/übung.js', 'src/[id].js'];
let root: string;
let dir: string;

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', ...args], { cwd: root });
}
function write(file: string, text: string): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'git-test-'));
  dir = join(root, 'packages/book');
  for (const file of [...files, '../other/src/a.js']) write(file, 'a\n');
  write('../../.gitignore', 'ignored.js\n');
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'A book');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what git does not have as it is', () => {
  const dirty = (): Promise<readonly string[] | null> => createGit({ dir, signal }).dirty(files);

  it('is nothing after a commit', async () => {
    expect(await dirty()).toEqual([]);
  });

  it.each(files)('is a changed file, whatever its name: %s', async (file) => {
    write(file, 'b\n');
    expect(await dirty()).toEqual([file]);
    git('add', '.');
    expect(await dirty()).toEqual([file]);
  });

  it('is not that of another package of the same repository', async () => {
    write('../other/src/a.js', 'b\n');
    expect(await dirty()).toEqual([]);
  });

  it('is a file that it ignores, or never saw', async () => {
    write('ignored.js', 'x');
    expect(await createGit({ dir, signal }).dirty(['ignored.js', 'never.js'])).toEqual([
      'ignored.js',
      'never.js',
    ]);
  });

  it('is not known where there is no repository', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    expect(await dirty()).toBeNull();
  });
});

it.each([
  ['git@github.com:ana/book.git', 'ana/book'],
  ['https://github.com/ana/book', 'ana/book'],
  ['https://ghp_secret@github.com/ana/my.book.git/', 'ana/my.book'],
  ['ssh://git@gitlab.com:22/group/sub/book.git', 'sub/book'],
  ['nothing', null],
])('%s is the repository %s', (remote, expected) => {
  expect(repositoryOf(remote)).toBe(expected);
});
