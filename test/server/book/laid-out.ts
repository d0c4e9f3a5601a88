import type { Book, DraftSection } from '../../../server/book/book.ts';
import type { Page } from '../../../server/book/read-page.ts';

/** A book with its pages and sections in arrays, where a test looks at them in its own way, or changes them. */
export type LaidOut = Book & { pages: Page[]; sections: DraftSection[] };

export function laidOut(book: Book): LaidOut {
  return { ...book, pages: [...book.pages], sections: [...book.sections] };
}
