import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { expandBook, type ExpandedBook } from './expand-book.ts';

async function writeFolder(files: { [path: string]: string }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'book-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

const remove = (dir: string): Promise<void> => rm(dir, { recursive: true, force: true });

/** Writes the files into a folder that is removed after the test. */
export async function temporaryFolder(files: { [path: string]: string }): Promise<string> {
  const dir = await writeFolder(files);
  onTestFinished(() => remove(dir));
  return dir;
}

/** The book of these files, read as the wizard reads it; the files are gone then. */
export async function temporaryBook(files: { [path: string]: string }): Promise<ExpandedBook> {
  const { signal } = new AbortController();
  const dir = await writeFolder(files);
  try {
    const site = await findBook({ dir, signal });
    if (site === null) throw new Error('no book in these files');
    return expandBook(await readBook({ site, signal }));
  } finally {
    await remove(dir);
  }
}
