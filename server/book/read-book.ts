import { join, relative, sep } from 'node:path';
import { addPages, emptyBook, finishBook, type Book } from './book.ts';
import { otherContent } from './other-content.ts';
import { pageFiles, type PageFile } from './page-files.ts';
import { PageUnread } from './page-unread.ts';
import { readPage, type ReadPage } from './read-page.ts';
import { inReadingOrder } from './reading-order.ts';
import { readSidebars } from './sidebars.ts';
import type { BookSite } from './site.ts';

/**
 * Reads every page of the version that readers see first, in all its languages. A page that cannot be opened, or that
 * no parser gets through, is left out and named.
 */
export async function readBook({ site, signal }: { site: BookSite; signal: AbortSignal }): Promise<Book> {
  const book = emptyBook(site);
  for (const folder of site.folders) {
    const { files, skipped, unread } = await pageFiles({ folder, bounds: site.bounds, signal });
    const named = ({ file, reason }: { file: string; reason: string }) => ({
      source: sourceOf(site, join(folder.dir, file)),
      reason,
    });
    if (!folder.isLast) {
      const reason = `${files.length} pages of version ${folder.version}: only the version at ${site.baseUrl} is indexed`;
      book.skipped.push({ source: sourceOf(site, folder.dir), reason });
      continue;
    }
    book.skipped.push(...skipped.map(named));
    book.unread.push(...unread.map(named));
    const read: (ReadPage & PageFile)[] = [];
    for (const { file, categories } of files) {
      signal.throwIfAborted();
      try {
        read.push({ ...(await readPage({ site, folder, file })), file, categories });
      } catch (error) {
        if (!(error instanceof PageUnread)) throw error;
        book.unread.push(named({ file, reason: error.message }));
      }
    }
    addPages(book, inReadingOrder(read, await readSidebars(folder.sidebars)));
  }
  if (site.kind === 'docusaurus') book.skipped.push(...(await otherContent(site.root)));
  return finishBook(book);
}

function sourceOf(site: BookSite, path: string): string {
  return relative(site.root, path).split(sep).join('/');
}
