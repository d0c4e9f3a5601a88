import { join, relative, sep } from 'node:path';
import { BookBuilder, type Book } from './book.ts';
import { otherContent } from './other-content.ts';
import { pageFiles } from './page-files.ts';
import { PageUnread } from './page-unread.ts';
import { readPage, type ReadPage } from './read-page.ts';
import { inReadingOrder, type PlacedPage } from './reading-order.ts';
import { Shelf } from './shelf.ts';
import { readSidebars } from './sidebars.ts';
import type { BookSite } from './site.ts';

/**
 * Reads every page of the version that readers see first, in all its languages. A page that cannot be opened, or that
 * no parser gets through, is left out and named.
 */
export async function readBook({ site, signal }: { site: BookSite; signal: AbortSignal }): Promise<Book> {
  const book = new BookBuilder(site);
  for (const folder of site.folders) {
    const { files, skipped, unread } = await pageFiles({ folder, bounds: site.bounds, signal });
    if (!folder.isLast) {
      const reason = `${files.length} pages of version ${folder.version}: only the version at ${site.baseUrl} is indexed`;
      book.skip({ source: sourceOf(site, folder.dir), reason });
      continue;
    }
    const named = ({ file, reason }: { file: string; reason: string }) => ({
      source: sourceOf(site, join(folder.dir, file)),
      reason,
    });
    book.skip(...skipped.map(named));
    book.miss(...unread.map(named));
    const read = new Shelf<ReadPage>(1);
    const places: (PlacedPage & { index: number })[] = [];
    for (const { file, categories } of files) {
      signal.throwIfAborted();
      try {
        const page = await readPage({ site, folder, file });
        places.push({ file, categories, id: page.id, position: page.position, index: read.length });
        read.push(page);
      } catch (error) {
        if (!(error instanceof PageUnread)) throw error;
        book.miss(named({ file, reason: error.message }));
      }
    }
    for (const { index } of inReadingOrder(places, await readSidebars(folder.sidebars))) {
      const page = read.take(index);
      if (page !== undefined) book.add(page);
    }
  }
  if (site.kind === 'docusaurus') book.skip(...(await otherContent(site.root)));
  return book.finish();
}

function sourceOf(site: BookSite, path: string): string {
  return relative(site.root, path).split(sep).join('/');
}
