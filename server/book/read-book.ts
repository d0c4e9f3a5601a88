import { join } from 'node:path';
import { addPages, emptyBook, finishBook, type Book } from './book.ts';
import { PageTooHard } from './deadline.ts';
import { otherContent } from './other-content.ts';
import { pageFiles, type PageFile } from './page-files.ts';
import { readPage, type ReadPage } from './read-page.ts';
import { inReadingOrder } from './reading-order.ts';
import { readSidebars } from './sidebars.ts';
import type { BookSite } from './site.ts';

/**
 * Reads every page of the version that readers see first, in all its languages. A page that no parser gets
 * through is left out and named. Throws only what the disk throws.
 */
export async function readBook({ site, signal }: { site: BookSite; signal: AbortSignal }): Promise<Book> {
  const book = emptyBook(site);
  for (const folder of site.folders) {
    const files = await pageFiles({ folder, signal });
    if (!folder.isLast) {
      const reason = `${files.length} pages of version ${folder.version}: only the version at ${site.baseUrl} is indexed`;
      book.skipped.push({ source: sourceOf(site, folder.dir), reason });
      continue;
    }
    const read: (ReadPage & PageFile)[] = [];
    for (const { file, categories } of files) {
      signal.throwIfAborted();
      try {
        read.push({ ...(await readPage({ site, folder, file })), file, categories });
      } catch (error) {
        if (!(error instanceof PageTooHard)) throw error;
        const source = sourceOf(site, join(folder.dir, file));
        book.unread.push({ source, reason: error.message });
      }
    }
    addPages(book, inReadingOrder(read, await readSidebars(folder.sidebars)));
  }
  if (site.kind === 'docusaurus') book.skipped.push(...(await otherContent(site.root)));
  return finishBook(book);
}

function sourceOf(site: BookSite, path: string): string {
  return path.startsWith(site.root) ? path.slice(site.root.length + 1).replaceAll('\\', '/') : path;
}
