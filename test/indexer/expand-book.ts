import type { Book, DraftSection, Page } from '../../indexer/book.ts';

/** A book with its pages and sections in arrays, where a test looks at them in its own way, or changes them. */
export type ExpandedBook = Book & { pages: Page[]; sections: DraftSection[] };

export function expandBook(book: Book): ExpandedBook {
  return { ...book, pages: [...book.pages], sections: [...book.sections] };
}
