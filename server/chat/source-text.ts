import type { Section } from '../collection/section.ts';
import { toSource, type Source } from './protocol.ts';

/** The text of a source's section; empty when it is not in memory. */
export function findSourceText(source: Source, sections: Iterable<Section>): string {
  for (const section of sections) {
    if (section.url !== source.url) continue;
    const { heading } = toSource({ section, similarity: 0, score: 0 });
    if (heading === source.heading) return section.content;
  }
  return '';
}
