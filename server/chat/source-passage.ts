import type { Section } from '../collection/section.ts';
import { toSource, type Source } from './protocol.ts';

/** A source's section and its place in its page; an empty text when it is not in memory. */
export type SourcePassage = { text: string; chunkIndex: number | null; totalChunks: number | null };

/** Finds a source's section among those of the book, by their ids. */
export function findSourcePassage(source: Source, sections: ReadonlyMap<string, Section>): SourcePassage {
  let match: Section | null = null;
  for (const section of sections.values())
    if (section.url === source.url && headingOf(section) === source.heading) {
      match = section;
      break;
    }
  if (match === null) return { text: '', chunkIndex: null, totalChunks: null };
  let [chunkIndex, totalChunks] = [0, 0];
  for (const section of sections.values()) {
    if (section.source !== match.source) continue;
    totalChunks += 1;
    if (section.position < match.position) chunkIndex += 1;
  }
  return { text: match.content, chunkIndex, totalChunks };
}

function headingOf(section: Section): string {
  return toSource({ section, similarity: null, score: 0 }).heading;
}
