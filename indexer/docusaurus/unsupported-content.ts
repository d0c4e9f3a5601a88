import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const unsupportedFolders = [
  { folder: 'blog', files: /\.mdx?$/, description: 'blog posts' },
  { folder: 'src/pages', files: /^(?!_).*\.(?:mdx?|[jt]sx?)$/, description: 'pages outside the docs' },
] as const;

/** What a Docusaurus site has besides its docs, in the default folders: one line for each, because it is not indexed. */
export async function findUnsupportedContent(root: string): Promise<{ source: string; reason: string }[]> {
  const lines: { source: string; reason: string }[] = [];
  for (const { folder, files, description } of unsupportedFolders) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    const count = entries.filter((entry) => entry.isFile() && files.test(entry.name)).length;
    if (count > 0) lines.push({ source: folder, reason: `${count} ${description}: only docs are indexed` });
  }
  return lines;
}
