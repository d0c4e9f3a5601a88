import { join, relative, sep } from 'node:path';
import { BookBuilder, type Book } from '../book.ts';
import { defaultSelection, isSelected, type BookSelection } from '../book-selection.ts';
import type { Edition } from '../../server/collection/editions/edition.ts';
import { CompressedList } from '../compressed-list.ts';
import { UnreadablePage } from '../content/deadline.ts';
import { readGlobalComponents, type ImportCache } from '../content/mdx/read-modules.ts';
import type { NamedContent } from '../content/mdx/source-module.ts';
import type { DocsFolder } from './docs-folders.ts';
import type { SourceSite } from './find-book.ts';
import { findPageFiles, type PageFile } from './page-files.ts';
import { readPage, type SourcePage } from './read-page.ts';
import { siblingCards, withCards, type CardPage } from './sidebars/cards.ts';
import { generatedIndexPages } from './sidebars/generated-index.ts';
import { inReadingOrder } from './sidebars/reading-order.ts';
import { readSidebars } from './sidebars/read-sidebars.ts';
import { sidebarTree } from './sidebars/sidebar-tree.ts';
import { findUnsupportedContent } from './unsupported-content.ts';

/**
 * Reads every page of the chosen versions and languages: without a choice those of the version that readers see first,
 * in all its languages. A page that cannot be opened or parsed is left out and listed.
 */
export async function readBook({
  site,
  selection = defaultSelection,
  signal,
}: {
  site: SourceSite;
  selection?: BookSelection;
  signal: AbortSignal;
}): Promise<Book> {
  const book = new BookBuilder(site);
  const cache: ImportCache = new Map();
  const globals = await readGlobalComponents(site, cache);
  for (const folder of site.folders) {
    const { files, skipped, unreadable } = await findPageFiles({ folder, bounds: site.bounds, signal });
    if (!isSelected({ ...folder, isDefault: folder.isLast }, selection)) {
      book.enterEdition(editionOf(folder, site), files.length);
      book.addSkipped({
        source: sourceOf(site, folder.dir),
        reason: `${files.length} pages ${whyLeftOut(folder, { site, selection })}`,
      });
      continue;
    }
    book.enterEdition(editionOf(folder, site));
    book.addSkipped(...skipped.map((line) => withSource(line, { site, folder })));
    book.addUnreadable(...unreadable.map((line) => withSource(line, { site, folder })));
    await addPages(book, { site, folder, files, cache, globals, signal });
  }
  for (const folder of site.untranslated)
    if (isSelected({ ...folder, isDefault: folder.isLast }, selection))
      book.enterEdition(editionOf(folder, site));
  if (site.kind === 'docusaurus') book.addSkipped(...(await findUnsupportedContent(site.root)));
  return book.finish();
}

function editionOf(folder: DocsFolder, site: SourceSite): Omit<Edition, 'sections'> {
  const { routeBase, plugin, version, label, locale, isLast, dir, originalDir } = folder;
  const original = site.folders.find((other) => other.dir === originalDir);
  return {
    path: routeBase,
    docs: plugin,
    version,
    label,
    locale,
    is_default: isLast,
    folder: sourceOf(site, dir),
    translates: original?.routeBase ?? null,
  };
}

function whyLeftOut(
  { version, locale, isLast }: DocsFolder,
  { site, selection }: { site: SourceSite; selection: BookSelection },
): string {
  if (isLast) return `in ${locale}: not one of the chosen languages`;
  return selection.versions.length === 0
    ? `of version ${version}: only the version at ${site.baseUrl} is indexed`
    : `of version ${version} in ${locale}: not chosen`;
}

/** The order is known only when all pages are read, so each is kept compressed until its turn. */
async function addPages(
  book: BookBuilder,
  {
    site,
    folder,
    files,
    cache,
    globals,
    signal,
  }: {
    site: SourceSite;
    folder: DocsFolder;
    files: readonly PageFile[];
    cache: ImportCache;
    globals: ReadonlyMap<string, NamedContent>;
    signal: AbortSignal;
  },
): Promise<void> {
  const pages = new CompressedList<SourcePage>(1);
  const order: ListedPage[] = [];
  for (const { file, categories } of files) {
    signal.throwIfAborted();
    try {
      const page = await readPage({ site, folder, file, cache, globals });
      const url = page.skipReason === null ? page.page.url : null;
      const { id, position, label, description } = page;
      order.push({ file, categories, id, position, label, description, index: pages.length, url });
      pages.push(page);
    } catch (error) {
      if (!(error instanceof UnreadablePage)) throw error;
      book.addUnreadable(withSource({ file, reason: error.message }, { site, folder }));
    }
  }
  const displayed = displayedPages(order);
  const sidebars = sidebarTree(order, await readSidebars(folder.sidebarsFile));
  const ordered = inReadingOrder(order, sidebars);
  const indexes = generatedIndexPages({ site, folder, sidebars });
  for (const listed of ordered) {
    const { index, url, file } = listed;
    for (const indexPage of indexes.get(listed) ?? []) book.addPage(indexPage);
    const page = pages.take(index);
    const shown = url === null ? undefined : displayed.get(url);
    if (page === undefined) continue;
    if (shown === undefined || shown.index === index) {
      const cards = page.showsCards ? siblingCards(listed, { sidebars, locale: folder.locale }) : [];
      book.addPage(withCards(page, cards));
    } else {
      const reason = `the site shows ${sourceOf(site, join(folder.dir, shown.file))} at its address, ${url}`;
      book.addSkipped(withSource({ file, reason }, { site, folder }));
    }
  }
}

/** Of several files for one address, Docusaurus shows the one whose id comes first (plugin-content-docs 3.10, docs). */
function displayedPages(pages: readonly ListedPage[]): Map<string, ListedPage> {
  const displayed = new Map<string, ListedPage>();
  for (const page of pages) {
    if (page.url === null) continue;
    const other = displayed.get(page.url);
    if (other === undefined || page.id.localeCompare(other.id) < 0) displayed.set(page.url, page);
  }
  return displayed;
}

/** A page by its place among the files; `url` is null for one that is not indexed. */
type ListedPage = CardPage & { index: number; url: string | null };

function withSource(
  { file, reason }: { file: string; reason: string },
  { site, folder }: { site: SourceSite; folder: DocsFolder },
): { source: string; reason: string } {
  return { source: sourceOf(site, join(folder.dir, file)), reason };
}

function sourceOf(site: SourceSite, path: string): string {
  return relative(site.root, path).split(sep).join('/');
}
