import { setImmediate as nextTurn } from 'node:timers/promises';
import { bm25IndexOf, type Bm25Index } from '../../collection/bm25-index.ts';
import { buildWordIndex, type WordIndex } from '../../collection/postings.ts';
import { runInSlices, type Steps } from '../../collection/run-in-slices.ts';
import type { Section } from '../../collection/section.ts';
import { createSectionTerms, type SectionTerms } from './section-terms.ts';
import { pagePath } from '../../links/allow-links.ts';

/** A book held in memory. `writtenAt` is ISO-8601, of the indexing; null for a collection without a stamp. */
export type MemoryBook = {
  size: number;
  writtenAt: string | null;
  sections: ReadonlyMap<string, Section>;
  /** Paths of its pages, in the form of `pagePath`. */
  pages: ReadonlySet<string>;
  /** Paths of its files. */
  sources: ReadonlySet<string>;
  bm25: Bm25Index;
  termsOf: SectionTerms;
};

type BookParts = {
  sections: readonly Section[];
  writtenAt: string | null;
  /** Where they are indexed already. */
  words?: WordIndex | null;
};

/** Indexes sections for searching in memory: seconds for a large book, so streams and health go on in between. */
export function memoryBook(parts: BookParts, turn: () => Promise<void> = nextTurn): Promise<MemoryBook> {
  return runInSlices(buildMemoryBook(parts), turn);
}

function* buildMemoryBook({ sections, writtenAt, words }: BookParts): Steps<MemoryBook> {
  const byId = new Map<string, Section>();
  const pages = new Set<string>();
  const sources = new Set<string>();
  for (const section of sections) {
    byId.set(section.id, section);
    pages.add(pagePath(section.url));
    sources.add(section.source);
    yield;
  }
  const bm25 = bm25IndexOf(sections, words ?? (yield* buildWordIndex(sections)));
  return {
    size: sections.length,
    writtenAt,
    sections: byId,
    pages,
    sources,
    bm25,
    termsOf: createSectionTerms(),
  };
}
