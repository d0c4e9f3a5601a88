import type { PageContent } from '../../book.ts';
import { pagesBelow, type SidebarEntry, type SidebarPage } from './sidebar-tree.ts';

/** What a card shows of a page; `url` is null for one that the site does not show. */
export type CardPage = SidebarPage & { description: string; url: string | null };

/** The cards of a category's entries, one line each: label and description (@docusaurus/theme-classic 3.10, DocCard). */
export function cardsOf<T extends CardPage>(entries: readonly SidebarEntry<T>[], locale: string): string[] {
  return entries.flatMap((entry) => {
    const description = descriptionOf(entry, locale);
    if (description === null) return [];
    return [description === '' ? entry.label : `${entry.label}: ${description}`];
  });
}

/** Null for an entry that leads nowhere, which has no card. */
function descriptionOf<T extends CardPage>(entry: SidebarEntry<T>, locale: string): string | null {
  if (entry.type === 'link') return entry.description ?? '';
  if (entry.type === 'page') return entry.page.url === null ? null : entry.page.description;
  if (entry.index === null && pagesBelow([entry]).every(({ url }) => url === null)) return null;
  return entry.description ?? itemCount(entry.entries.length, locale);
}

/** The theme says this for a category without a description; other languages have translations of their own. */
function itemCount(count: number, locale: string): string {
  if (!/^en\b/.test(locale)) return '';
  return count === 1 ? '1 item' : `${count} items`;
}

/**
 * The cards of `<DocCardList />` on a page: those of the category that the page belongs to
 * (@docusaurus/plugin-content-docs 3.10, useCurrentSidebarSiblings).
 */
export function siblingCards<T extends CardPage>(
  page: T,
  { sidebars, locale }: { sidebars: readonly SidebarEntry<T>[]; locale: string },
): string[] {
  const entries = entriesAround(page, sidebars);
  return entries === null ? [] : cardsOf(entries, locale);
}

function entriesAround<T>(page: T, entries: readonly SidebarEntry<T>[]): readonly SidebarEntry<T>[] | null {
  for (const entry of entries) {
    if (entry.type !== 'category') continue;
    const inner = entry.page === page ? entry.entries : entriesAround(page, entry.entries);
    if (inner !== null) return inner;
  }
  return entries.some((entry) => entry.type === 'page' && entry.page === page) ? entries : null;
}

/** A page with cards at its end. */
export function withCards(content: PageContent, cards: readonly string[]): PageContent {
  if (cards.length === 0) return content;
  const { chunks, page } = content;
  const list = cards.map((card) => `- ${card}`).join('\n');
  const last = chunks.at(-1) ?? { headings: [], anchor: null, content: '', lines: [1, 1] };
  const longer = { ...last, content: last.content === '' ? list : `${last.content}\n\n${list}` };
  return {
    ...content,
    page: { ...page, characters: page.characters + longer.content.length - last.content.length },
    chunks: [...chunks.slice(0, -1), longer],
  };
}
