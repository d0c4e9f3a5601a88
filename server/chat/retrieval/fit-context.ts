import type { Section } from '../../collection/section.ts';
import type { Passage } from '../protocol.ts';

/**
 * The passages that go into the prompt: best first, as many as `budget` characters hold, at most `limit`. What
 * stands before and after the first ones is added while room is left, since an answer often ends a section early.
 */
export function fitContext({
  ranked,
  budget,
  limit,
  share,
  neighbour,
}: {
  ranked: readonly Passage[];
  /** Characters of section text. */
  budget: number;
  limit: number;
  /** Of the best score, 0 to 1: what falls below is left out. */
  share: number;
  /** The section of an id, undefined when the book in memory does not have it. */
  neighbour: (id: string) => Section | undefined;
}): Passage[] {
  const packed: Passage[] = [];
  const taken = new Set<string>();
  let left = budget;
  const take = (passage: Passage): void => {
    const size = passage.section.content.length;
    if (packed.length >= limit || taken.has(passage.section.id) || (size > left && packed.length > 0)) return;
    packed.push(passage);
    taken.add(passage.section.id);
    left -= size;
  };
  const least = share * (ranked[0]?.score ?? 0);
  const hits = ranked.slice(0, Math.max(1, limit - 2)).filter(({ score }) => score >= least);
  for (const passage of hits) take(passage);
  for (const { section, similarity, score } of hits.slice(0, 2))
    for (const id of [section.next, section.previous]) {
      const found = id === null ? undefined : neighbour(id);
      if (found !== undefined && found.source === section.source)
        take({ section: found, similarity: similarity / 2, score: score / 2 });
    }
  return packed;
}
