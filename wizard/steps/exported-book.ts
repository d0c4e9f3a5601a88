import { bookJson } from '../../indexer/book-json.ts';
import { expectedStamp } from '../../indexer/sync/section-fingerprints.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { defaults } from '../../server/contract.ts';
import { parseSiteUrl } from '../model/formats/book-location.ts';
import { toWizardFailure } from '../deployment/server-errors.ts';

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
  if (parseSiteUrl(options.dir) !== null) return null;
  const site = await findBook(options);
  if (site === null || !(named || site.kind === 'docusaurus')) return null;
  const book = await readBook({ site, signal }).catch((error: unknown) => {
    throw toWizardFailure(error);
  });
  const embedder = { model: defaults.embeddingModel, dimensions: defaults.dimensions };
  const stamp = expectedStamp({ book, embedder });
  // No section has a vector yet: that is for the index command to make.
  const written = { written_at: new Date(now()).toISOString(), without_vector: book.sections.length };
  return bookJson({ book, stamp: { ...stamp, ...written } });
}
