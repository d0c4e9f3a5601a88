import { bookJson } from '../../server/book/book-json.ts';
import { expectedStamp } from '../../server/book/prints.ts';
import { readBook } from '../../server/book/read-book.ts';
import { findBook } from '../../server/book/site.ts';
import { defaults } from '../../server/contract.ts';
import { siteAddress } from '../model/book-place.ts';
import { asFailure } from './from-server.ts';

/**
 * `book.json` of a folder’s book as it is now, for a server that is to answer before, or without, Qdrant. Null where
 * there is no folder with a book, or one too large to be bundled. Throws Failure for one that cannot be read.
 */
export async function exportedBook(options: {
  /** Absolute, or the address of a live site. */
  dir: string;
  named: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  signal: AbortSignal;
}): Promise<string | null> {
  const { named, now, signal } = options;
  if (siteAddress(options.dir) !== null) return null;
  const site = await findBook(options);
  if (site === null || !(named || site.kind === 'docusaurus')) return null;
  const book = await readBook({ site, signal }).catch((error: unknown) => {
    throw asFailure(error);
  });
  const embedder = { model: defaults.embeddingModel, dimensions: defaults.dimensions };
  const stamp = expectedStamp({ book, embedder });
  // No section has a vector yet: that is for the index command to make.
  const written = { written_at: new Date(now()).toISOString(), without_vector: book.sections.length };
  return bookJson({ book, stamp: { ...stamp, ...written } });
}
