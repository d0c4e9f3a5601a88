import { packWords } from '../server/collection/book-file.ts';
import { buildWordIndex } from '../server/collection/postings.ts';
import { runAtOnce } from '../server/collection/run-in-slices.ts';
import type { Section } from '../server/collection/section.ts';
import type { Stamp } from '../server/collection/stamp.ts';
import type { Book } from './book.ts';
import { sectionHash } from './section-id.ts';

/** Above 10 MB the Hub accepts plain text only through Git LFS. */
const maxBytes = 10_000_000;

/**
 * `book.json`, which the server reads when Qdrant is unreachable, and a function at its start: `{stamp, sections, words}`,
 * one section per line, and the index of their words. The same book and stamp give the same text, byte for byte. Above
 * 10 MB without the words, and null without them above it: such a book is answered from Qdrant alone.
 */
export function bookJson({ book, stamp }: { book: Book; stamp: Stamp | null }): string | null {
  // A character takes at least one byte, so a book that is too large need not be serialised.
  if (book.characters > maxBytes) return null;
  const embedder = { model: stamp?.embedding_model ?? '', dimensions: stamp?.dimensions ?? 0 };
  const head = `{"stamp":${JSON.stringify(stamp)},"sections":[\n`;
  const sections: Section[] = [];
  const lines: string[] = [];
  let bytes = Buffer.byteLength(head);
  for (const draft of book.sections) {
    const section: Section = { ...draft, hash: sectionHash({ section: draft, embedder }) };
    const line = JSON.stringify(section);
    sections.push(section);
    lines.push(line);
    bytes += Buffer.byteLength(line) + 2;
    if (bytes > maxBytes) return null;
  }
  const words = `,"words":${JSON.stringify(packWords(runAtOnce(buildWordIndex(sections))))}`;
  const isSmallEnough = bytes + Buffer.byteLength(words) <= maxBytes;
  return `${head}${lines.join(',\n')}\n]${isSmallEnough ? words : ''}}\n`;
}
