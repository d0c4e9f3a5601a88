import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { SourceTexts } from '../../javascript/source-file.ts';

const ignoredFolder = /^(?:node_modules|build|dist|out|coverage|\..*)$/;
const readableFile = /\.(?:[cm]?[jt]sx?|mdx?|html)$|^(?:package|vercel)\.json$/;
const maxFileBytes = 512 * 1024;
const maxFiles = 3_000;

/** The scripts, pages and manifests of a project by relative path, without what is built or installed. Bounded. */
export async function readProject({
  dir,
  signal,
}: {
  dir: string;
  signal: AbortSignal;
}): Promise<SourceTexts> {
  const files = new Map<string, string>();
  const add = (path: string, bytes: Buffer): void => {
    // A file in another encoding could not be written back unchanged.
    if (isUtf8(bytes)) files.set(path, bytes.toString());
  };
  const readFolder = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    // The order of a file system is no order: two machines would read two projects.
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      signal.throwIfAborted();
      if (ignoredFolder.test(entry.name) || files.size >= maxFiles) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await readFolder(path);
      else if (entry.isFile() && readableFile.test(entry.name) && (await stat(path)).size <= maxFileBytes)
        add(relative(dir, path).replaceAll('\\', '/'), await readFile(path));
    }
  };
  await readFolder(dir);
  return files;
}
