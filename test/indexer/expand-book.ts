import type { Book, DraftSection, Page } from '../../indexer/book.ts';

/** A book with its pages and sections in arrays, for tests that search or change them. */
export type ExpandedBook = Book & { pages: Page[]; sections: DraftSection[] };

export function expandBook(book: Book): ExpandedBook {
  return { ...book, pages: [...book.pages], sections: [...book.sections] };
}
