import { findBook } from '../../server/book/site.ts';

/**
 * Whether a folder holds a book: a Docusaurus site, its docs folder or, when the person named it, any Markdown.
 * A folder we merely stand in is no book for holding a README.
 */
export async function locateBook(options: {
  /** Absolute. */
  dir: string;
  named: boolean;
  signal: AbortSignal;
}): Promise<boolean> {
  const site = await findBook(options);
  return site !== null && (options.named || site.kind === 'docusaurus');
}

/** Name, address and path of the book in a folder; null when there is none. */
export async function siteHere(options: {
  /** Absolute. */
  dir: string;
  named: boolean;
  signal: AbortSignal;
}): Promise<{ title: string; url: string | null; baseUrl: string } | null> {
  const site = await findBook(options);
  if (site === null || !(options.named || site.kind === 'docusaurus')) return null;
  return { title: site.title, url: site.url, baseUrl: site.baseUrl };
}
