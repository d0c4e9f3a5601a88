import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { verifyBook } from '../../indexer/verify-book.ts';

export type LinkCheck = {
  pages: number;
  anchors: number;
  missing: { source: string; url: string; reason: string }[];
};

/** Holds every page and anchor of the book against a build of its site. Null when there is no book in `dir`. */
export async function verifyLinks(options: {
  /** Absolute, as is `buildDir`. */
  dir: string;
  buildDir: string;
  signal: AbortSignal;
}): Promise<LinkCheck | null> {
  const { buildDir, signal } = options;
  const site = await findBook(options);
  if (site === null) return null;
  return verifyBook({ book: await readBook({ site, signal }), buildDir, signal });
}
