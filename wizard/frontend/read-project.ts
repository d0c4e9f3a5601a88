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
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      signal.throwIfAborted();
      if (leftOut.test(entry.name) || files.size >= mostFiles) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && wanted.test(entry.name) && (await stat(path)).size <= largestBytes)
        files.set(relative(dir, path).replaceAll('\\', '/'), await readFile(path, 'utf8'));
    }
  };
  await walk(dir);
  return files;
}
