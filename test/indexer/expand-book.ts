import type { Book, DraftSection } from '../../indexer/book.ts';
import type { Page } from '../../indexer/docusaurus/read-page.ts';

/** A book with its pages and sections in arrays, where a test looks at them in its own way, or changes them. */
export type ExpandedBook = Book & { pages: Page[]; sections: DraftSection[] };

export function expandBook(book: Book): ExpandedBook {
  return { ...book, pages: [...book.pages], sections: [...book.sections] };
}
