import { join, relative, sep } from 'node:path';
import { BookBuilder, type Book } from '../book.ts';
import { findUnsupportedContent } from './unsupported-content.ts';
import { findPageFiles } from './page-files.ts';
import { UnreadablePage } from '../content/unreadable-page.ts';
import { readPage, type PageContent } from './read-page.ts';
import { inReadingOrder, type SidebarPage } from './reading-order.ts';
import { CompressedList } from '../compressed-list.ts';
import { readSidebars } from './sidebars.ts';
import type { BookSite } from './find-book.ts';

/**
 * Reads every page of the version that readers see first, in all its languages. A page that cannot be opened, or that
 * no parser gets through, is left out and named.
 */
export async function readBook({ site, signal }: { site: BookSite; signal: AbortSignal }): Promise<Book> {
  const book = new BookBuilder(site);
  for (const folder of site.folders) {
    const {
      files,
      skipped,
      unreadable: unread,
    } = await findPageFiles({ folder, bounds: site.bounds, signal });
    if (!folder.isLast) {
      const reason = `${files.length} pages of version ${folder.version}: only the version at ${site.baseUrl} is indexed`;
      book.addSkipped({ source: sourceOf(site, folder.dir), reason });
      continue;
    }
    const named = ({ file, reason }: { file: string; reason: string }) => ({
      source: sourceOf(site, join(folder.dir, file)),
      reason,
    });
    book.addSkipped(...skipped.map(named));
    book.addUnreadable(...unread.map(named));
    const read = new CompressedList<PageContent>(1);
    const places: (SidebarPage & { index: number })[] = [];
    for (const { file, categories } of files) {
      signal.throwIfAborted();
      try {
        const page = await readPage({ site, folder, file });
        places.push({ file, categories, id: page.id, position: page.position, index: read.length });
        read.push(page);
      } catch (error) {
        if (!(error instanceof UnreadablePage)) throw error;
        book.addUnreadable(named({ file, reason: error.message }));
      }
    }
    for (const { index } of inReadingOrder(places, await readSidebars(folder.sidebarsFile))) {
      const page = read.take(index);
      if (page !== undefined) book.addPage(page);
    }
  }
  if (site.kind === 'docusaurus') book.addSkipped(...(await findUnsupportedContent(site.root)));
  return book.finish();
}

function sourceOf(site: BookSite, path: string): string {
  return relative(site.root, path).split(sep).join('/');
}
