import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Book } from './book.ts';
import { findElements, parseHtml } from './content/html/html-tree.ts';

export type LinkVerification = {
  pages: number;
  anchors: number;
  /** Every link that leads nowhere, in reading order. */
  missing: { source: string; url: string; reason: 'no such page' | 'no such anchor' }[];
};

/** Checks every link of the book against a build of the site (`docusaurus build`). */
export async function verifyBook(request: {
  book: Book;
  buildDir: string;
  signal: AbortSignal;
}): Promise<LinkVerification> {
  const { book, buildDir, signal } = request;
  const result: LinkVerification = { pages: 0, anchors: 0, missing: [] };
  for (const { url, source, anchors } of book.pages) {
    signal.throwIfAborted();
    const html = await readBuiltPage(buildDir, url.slice(book.site.baseUrl.length - 1));
    result.pages += 1;
    if (html === null) {
      result.missing.push({ source, url, reason: 'no such page' });
      continue;
    }
    const ids = elementIds(html);
    for (const anchor of anchors) {
      result.anchors += 1;
      if (!ids.has(anchor))
        result.missing.push({ source, url: `${url}#${anchor}`, reason: 'no such anchor' });
    }
  }
  return result;
}

/** `/a` is built as `a/index.html` or `a.html`, depending on `trailingSlash`. */
async function readBuiltPage(buildDir: string, path: string): Promise<string | null> {
  const bare = path.replace(/\/$/, '');
  for (const file of [`${bare}/index.html`, `${bare}.html`]) {
    const html = await readFile(join(buildDir, file), 'utf8').catch(() => null);
    if (html !== null) return html;
  }
  return null;
}

/** Parsed, because `id="x"` in a code example is no link target. */
function elementIds(html: string): Set<string> {
  return new Set(
    findElements(parseHtml(html), ({ attribs }) => 'id' in attribs).map(({ attribs }) => attribs['id'] ?? ''),
  );
}
