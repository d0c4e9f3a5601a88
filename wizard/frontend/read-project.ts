import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ProjectFiles } from '../../javascript/source-file.ts';

const ignoredFolder = /^(?:node_modules|build|dist|out|coverage|\..*)$/;
const readableFile = /\.(?:[cm]?[jt]sx?|mdx|html)$|^(?:package|vercel)\.json$/;
const maxFileBytes = 512 * 1024;
const maxFiles = 3_000;

/** The scripts, pages and manifests of a project; bounded, and without what is built or installed. */
export async function readProject({
  dir,
  signal,
}: {
  dir: string;
  signal: AbortSignal;
}): Promise<ProjectFiles> {
  const files = new Map<string, string>();
  const take = (path: string, bytes: Buffer): void => {
    // A file in another encoding could not be written back as it is.
    if (isUtf8(bytes)) files.set(path, bytes.toString());
  };
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      signal.throwIfAborted();
      if (ignoredFolder.test(entry.name) || files.size >= maxFiles) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && readableFile.test(entry.name) && (await stat(path)).size <= maxFileBytes)
        take(relative(dir, path).replaceAll('\\', '/'), await readFile(path));
    }
  };
  await walk(dir);
  return files;
}
