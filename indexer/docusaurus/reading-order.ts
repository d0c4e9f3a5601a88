import { isCategoryIndex } from './permalink.ts';
import type { GeneratedIndex, SidebarItem } from './sidebars.ts';

/** A folder of pages, which a generated sidebar shows as a category. */
export type Category = {
  /** From `_category_.{json,yml}`. */
  position: number | null;
  /** The number prefix of the folder's name. */
  number: number | null;
  /** Local id of the category's own page; null: it has none; undefined: its index page, if there is one. */
  link: string | null | undefined;
  /** The page that Docusaurus makes of the category's children; null when it makes none. */
  generatedIndex: GeneratedIndex | null;
};

export type SidebarPage = {
  /** Relative to the docs folder, with forward slashes. */
  file: string;
  /** The id that sidebars use. */
  id: string;
  /** `sidebar_position`, else the number prefix of the file's name; Infinity when there is neither. */
  position: number;
  /** The folders above it, outermost first: one object per folder, shared by its pages. */
  categories: readonly Category[];
};

/** Sorts pages as a reader meets them: along the sidebars, then the pages in no sidebar in generated order. */
export function inReadingOrder<T extends SidebarPage>(
  pages: readonly T[],
  sidebars: readonly SidebarItem[],
): T[] {
  const byId = new Map(pages.map((page) => [page.id, page]));
  const ordered = new Set<T>();
  for (const item of sidebars) {
    if (item.type === 'category') continue;
    const listed = item.type === 'doc' ? [byId.get(item.id)] : generatedOrder(pages, item.dir);
    for (const page of listed) if (page !== undefined) ordered.add(page);
  }
  for (const page of generatedOrder(pages, '')) ordered.add(page);
  return [...ordered];
}

/**
 * The order of a generated sidebar for a folder: by position on each level, then by name, with a category's own page
 * first (sidebars/generator of the docs plugin).
 */
function generatedOrder<T extends SidebarPage>(pages: readonly T[], dir: string): T[] {
  const within = pages.filter(({ file }) => dir === '' || file.startsWith(`${dir}/`));
  const depth = dir === '' ? 0 : dir.split('/').length;
  const categoryPages = categoryPagesOf(within);
  const keyOf = (page: T, level: number): { name: string; position: number; isFirst: boolean } => {
    const parts = page.file.split('/');
    const category = page.categories[level];
    const name = parts[level] ?? '';
    if (category !== undefined)
      return { name, position: positionOf(category, categoryPages), isFirst: false };
    const parent = page.categories[level - 1];
    const isFirst = level > depth && parent !== undefined && categoryPages.get(parent) === page;
    return { name, position: page.position, isFirst };
  };
  return within.sort((a, b) => {
    for (let level = depth; level <= Math.max(a.categories.length, b.categories.length); level++) {
      const [keyA, keyB] = [keyOf(a, level), keyOf(b, level)];
      if (keyA.name === keyB.name) continue;
      if (keyA.isFirst !== keyB.isFirst) return keyA.isFirst ? -1 : 1;
      if (keyA.position !== keyB.position) return keyA.position - keyB.position;
      return keyA.name < keyB.name ? -1 : 1;
    }
    return 0;
  });
}

function positionOf(category: Category, categoryPages: ReadonlyMap<Category, SidebarPage>): number {
  if (category.position !== null) return category.position;
  const ofPage = categoryPages.get(category)?.position ?? Number.POSITIVE_INFINITY;
  return ofPage === Number.POSITIVE_INFINITY ? (category.number ?? ofPage) : ofPage;
}

function categoryPagesOf<T extends SidebarPage>(pages: readonly T[]): Map<Category, T> {
  const categoryPages = new Map<Category, T>();
  for (const page of [...pages].sort((a, b) => (a.file < b.file ? -1 : 1))) {
    const category = page.categories.at(-1);
    if (category === undefined || category.link === null || categoryPages.has(category)) continue;
    const localId = page.id.slice(page.id.lastIndexOf('/') + 1);
    if (category.link === undefined ? isCategoryIndex(page.file) : category.link === localId)
      categoryPages.set(category, page);
  }
  return categoryPages;
}
