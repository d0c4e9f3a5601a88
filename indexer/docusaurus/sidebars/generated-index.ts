import GithubSlugger from 'github-slugger';
import { relative } from 'node:path';
import type { PageContent } from '../../book.ts';
import { chunkBlocks } from '../../content/chunk-blocks.ts';
import type { DocsFolder } from '../docs-folders.ts';
import type { SourceSite } from '../find-book.ts';
import { permalinkOf } from '../permalink.ts';
import { cardsOf, type CardPage } from './cards.ts';
import type { GeneratedIndex } from './read-sidebars.ts';
import { pagesBelow, type SidebarEntry } from './sidebar-tree.ts';

/**
 * The generated index pages of a docs folder, each with the first page in reading order that it precedes
 * (@docusaurus/plugin-content-docs 3.10, sidebars/postProcessor).
 */
export function generatedIndexPages<T extends CardPage>(request: {
  site: SourceSite;
  folder: DocsFolder;
  sidebars: readonly SidebarEntry<T>[];
}): Map<T, PageContent[]> {
  const { site, folder, sidebars } = request;
  const slugger = new GithubSlugger();
  const pages = new Map<T, PageContent[]>();
  const visit = (entry: SidebarEntry<T>): void => {
    if (entry.type !== 'category') return;
    const { index, label, entries } = entry;
    const [first] = pagesBelow([entry]);
    if (index !== null && first !== undefined) {
      const slug = index.slug ?? `/category/${slugger.slug(label)}`;
      const cards = cardsOf(entries, folder.locale);
      const page = indexPage({ index, label, cards, slug }, { site, folder });
      pages.set(first, [...(pages.get(first) ?? []), page]);
    }
    entries.forEach(visit);
  };
  sidebars.forEach(visit);
  return pages;
}

function indexPage(
  { index, label, cards, slug }: { index: GeneratedIndex; label: string; cards: string[]; slug: string },
  { site, folder }: { site: SourceSite; folder: DocsFolder },
): PageContent {
  const { title, description } = index;
  const source = (index.source ?? `${folder.sidebarsFile ?? folder.dir}#${label}`).replaceAll('\\', '/');
  const lines: [number, number] = [1, 1];
  const blocks = [
    ...(description === '' ? [] : [{ type: 'text' as const, text: description, lines }]),
    ...cards.map((text) => ({ type: 'item' as const, text: `- ${text}`, lines })),
  ];
  const chunks = chunkBlocks({ blocks, title });
  return {
    page: {
      source: relative(site.root, source).replaceAll('\\', '/'),
      url: permalinkOf({
        ...folder,
        file: 'index.md',
        frontMatter: { slug: slug.startsWith('/') ? slug : `/${slug}` },
        trailingSlash: site.trailingSlash,
      }),
      title,
      locale: folder.locale,
      version: folder.version,
      anchors: [],
      characters: chunks.reduce((sum, { content }) => sum + content.length, 0),
      components: [],
    },
    chunks,
    warnings: [],
    skipReason: chunks.length === 0 ? 'it has no text' : null,
  };
}
