import { sectionFingerprints } from '../../indexer/sync/section-fingerprints.ts';
import type { Book, DraftSection } from '../../indexer/book.ts';
import { defaults } from '../../server/contract.ts';

export type SectionChange = {
  change: 'new' | 'changed' | 'removed';
  /** The page and the headings down to the section. */
  heading: string;
  source: string;
};
export type BookChanges = { changes: readonly SectionChange[]; kept: number };

/** As many as a reviewer looks at; a comment has a limited size. */
const mostRows = 100;

/** What indexing would write or delete if the collection held the earlier book: by ids and hashes, as it compares. */
export function changedSections(before: Book | null, after: Book): BookChanges {
  const embedder = { model: defaults.embeddingModel, dimensions: defaults.dimensions };
  const hashes = (book: Book | null): Map<string, string> =>
    new Map(
      book === null ? [] : sectionFingerprints({ book, embedder }).map(({ id, hash }) => [id, hash] as const),
    );
  const [old, next] = [hashes(before), hashes(after)];
  const written = Array.from(after.sections).flatMap((section): SectionChange[] => {
    if (!old.has(section.id)) return [describe('new', section)];
    return old.get(section.id) === next.get(section.id) ? [] : [describe('changed', section)];
  });
  const removed = Array.from(before?.sections ?? []).flatMap((section) =>
    next.has(section.id) ? [] : [describe('removed', section)],
  );
  return { changes: [...written, ...removed], kept: next.size - written.length };
}

function describe(change: SectionChange['change'], { title, headings, source }: DraftSection): SectionChange {
  const path = headings[0] === title ? headings : [title, ...headings];
  return { change, heading: path.join(' › '), source };
}

/** One sentence: what indexing would do. */
export function summariseBookChanges({ changes, kept }: BookChanges): string {
  if (changes.length === 0) return `No section of the book changes; it has ${kept}.`;
  const counts = (['new', 'changed', 'removed'] as const).flatMap((kind) => {
    const count = changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  const embedded = changes.filter(({ change }) => change !== 'removed').length;
  return `Sections of the book: ${counts.join(', ')}; ${kept} kept. Indexing embeds ${embedded}.`;
}

/** The same for a comment. The book's text is data there: it links nothing and mentions no one. */
export function bookChangesMarkdown(changes: BookChanges): string {
  const rows = changes.changes
    .slice(0, mostRows)
    .map(({ change, heading, source }) => `| ${change} | ${code(heading)} | ${code(source)} |`);
  const left = changes.changes.length - rows.length;
  const table = rows.length === 0 ? [] : ['', '| | Section | File |', '|---|---|---|', ...rows];
  const more = left === 0 ? [] : ['', `And ${left} more.`];
  return [
    '### What readers of the assistant will find',
    '',
    summariseBookChanges(changes),
    ...table,
    ...more,
    '',
  ].join('\n');
}

function code(text: string): string {
  const plain = text.replaceAll(/[`|\\\p{C}\s]+/gu, ' ').trim();
  return `\`${plain.slice(0, 120) || '(no title)'}\``;
}
