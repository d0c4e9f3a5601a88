import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const unsupportedFolders = [
  { folder: 'blog', files: /\.mdx?$/, what: 'posts of the blog' },
  { folder: 'src/pages', files: /^(?!_).*\.(?:mdx?|[jt]sx?)$/, what: 'pages outside the docs' },
] as const;

/** What a Docusaurus site holds besides its docs, at the usual places: a line for each, because it is not indexed. */
export async function findUnsupportedContent(root: string): Promise<{ source: string; reason: string }[]> {
  const lines: { source: string; reason: string }[] = [];
  for (const { folder, files, what } of unsupportedFolders) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    const count = entries.filter((entry) => entry.isFile() && files.test(entry.name)).length;
    if (count > 0) lines.push({ source: folder, reason: `${count} ${what}: only docs are indexed` });
  }
  return lines;
}
