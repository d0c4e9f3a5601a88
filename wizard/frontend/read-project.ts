import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Files } from './trace/source.ts';

const leftOut = /^(?:node_modules|build|dist|out|coverage|\..*)$/;
const wanted = /\.(?:[cm]?[jt]sx?|mdx|html)$|^(?:package|vercel)\.json$/;
const largestBytes = 512 * 1024;
const mostFiles = 3_000;

/** The scripts, pages and manifests of a project; bounded, and without what is built or installed. */
export async function readProject({ dir, signal }: { dir: string; signal: AbortSignal }): Promise<Files> {
  const files = new Map<string, string>();
  const take = (path: string, bytes: Buffer): void => {
    // A file in another encoding could not be written back as it is.
    if (isUtf8(bytes)) files.set(path, bytes.toString());
  };
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      signal.throwIfAborted();
      if (leftOut.test(entry.name) || files.size >= mostFiles) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && wanted.test(entry.name) && (await stat(path)).size <= largestBytes)
        take(relative(dir, path).replaceAll('\\', '/'), await readFile(path));
    }
  };
  await walk(dir);
  return files;
}
