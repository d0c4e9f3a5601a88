import type { Section } from '../server/collection/section.ts';
import type { Stamp } from '../server/collection/stamp.ts';
import type { Book } from './book.ts';
import { sectionHash } from './section-id.ts';

/** Bytes. */
const maxBytes = 10_000_000;

/**
 * The book as the server reads it when Qdrant is away: `{stamp, sections}`, one section a line. The same book and
 * stamp give the same text, byte for byte. Null above 10 MB, from where the Hub takes plain text only through LFS:
 * such a book is answered from Qdrant alone.
 */
export function bookJson({ book, stamp }: { book: Book; stamp: Stamp | null }): string | null {
  // A character is a byte at least: of such a book nothing need be written to know it.
  if (book.characters > maxBytes) return null;
  const embedder = { model: stamp?.embedding_model ?? '', dimensions: stamp?.dimensions ?? 0 };
  const head = `{"stamp":${JSON.stringify(stamp)},"sections":[\n`;
  const lines: string[] = [];
  let bytes = Buffer.byteLength(head);
  for (const section of book.sections) {
    const whole: Section = { ...section, hash: sectionHash({ section, embedder }) };
    const line = JSON.stringify(whole);
    lines.push(line);
    bytes += Buffer.byteLength(line) + 2;
    if (bytes > maxBytes) return null;
  }
  return `${head}${lines.join(',\n')}\n]}\n`;
}
