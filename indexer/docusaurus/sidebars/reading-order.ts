import { folderEntries, pagesBelow, type SidebarEntry, type SidebarPage } from './sidebar-tree.ts';

/** Sorts pages as a reader meets them: along the sidebars, then the pages in no sidebar as a generated one has them. */
export function inReadingOrder<T extends SidebarPage>(
  pages: readonly T[],
  sidebars: readonly SidebarEntry<T>[],
): T[] {
  return [...new Set([...pagesBelow(sidebars), ...pagesBelow(folderEntries(pages, ''))])];
}
