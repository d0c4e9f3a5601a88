import type { Section } from '../../../server/collection/section.ts';
import type { Sequence } from '../../compressed-list.ts';

/** A heading with fewer words names no subject; few have more. */
const words = { least: 2, most: 20 };

/** Evenly spread headings that the book has only once, as a reader would type them into the chat; at most `count`. */
export function headingQuestions(sections: Sequence<Pick<Section, 'headings'>>, count: number): string[] {
  const uses = new Map<string, number>();
  for (const { headings } of sections) {
    const heading = headings.at(-1)?.trim() ?? '';
    const length = heading.split(/\s+/).length;
    if (length >= words.least && length <= words.most) uses.set(heading, (uses.get(heading) ?? 0) + 1);
  }
  const unique = [...uses].flatMap(([heading, times]) => (times === 1 ? [heading] : []));
  const step = Math.max(1, Math.ceil(unique.length / count));
  return unique.filter((_, at) => at % step === 0).slice(0, count);
}
