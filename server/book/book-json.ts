import type { Section } from '../index/section.ts';
import type { Stamp } from '../index/stamp.ts';
import type { Book } from './book.ts';
import { sectionHash } from './section-id.ts';

/** Bytes. */
const most = 10_000_000;

/**
 * The book as the server reads it when Qdrant is away: `{stamp, sections}`, one section a line. The same book and
 * stamp give the same text, byte for byte. Null above 10 MB, from where the Hub takes plain text only through LFS:
 * such a book is answered from Qdrant alone.
 */
export function bookJson({ book, stamp }: { book: Book; stamp: Stamp | null }): string | null {
  const embedder = { model: stamp?.embedding_model ?? '', dimensions: stamp?.dimensions ?? 0 };
  const sections = book.sections.map((section): Section => ({
    ...section,
    hash: sectionHash({ section, embedder }),
  }));
  const lines = sections.map((section) => JSON.stringify(section)).join(',\n');
  const text = `{"stamp":${JSON.stringify(stamp)},"sections":[\n${lines}\n]}\n`;
  return Buffer.byteLength(text) > most ? null : text;
}
