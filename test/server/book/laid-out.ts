import type { Book, DraftSection } from '../../../server/book/book.ts';

/** A book with its sections in an array, where a test looks at them in its own way, or changes them. */
export type LaidOut = Book & { sections: DraftSection[] };

export function laidOut(book: Book): LaidOut {
  return { ...book, sections: [...book.sections] };
}
