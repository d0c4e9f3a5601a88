import type { Section } from '../collection/section.ts';
import { toSource, type Source } from './protocol.ts';

/** A source's section and its place in its page; an empty text when it is not in memory. */
export type SourcePassage = { text: string; chunkIndex: number | null; totalChunks: number | null };

/** Finds a source's section among those of the book. */
export function findSourcePassage(source: Source, sections: Iterable<Section>): SourcePassage {
  const pages = new Map<string, Section[]>();
  let match: Section | null = null;
  for (const section of sections) {
    const page = pages.get(section.source) ?? [];
    page.push(section);
    pages.set(section.source, page);
    if (match === null && section.url === source.url && headingOf(section) === source.heading)
      match = section;
  }
  if (match === null) return { text: '', chunkIndex: null, totalChunks: null };
  const page = pages.get(match.source) ?? [];
  const chunkIndex = page.filter(({ position }) => position < (match?.position ?? 0)).length;
  return { text: match.content, chunkIndex, totalChunks: page.length };
}

function headingOf(section: Section): string {
  return toSource({ section, similarity: null, score: 0 }).heading;
}
