import type { SectionLookup } from '../../collection/ports.ts';
import type { Passage } from '../protocol.ts';

/**
 * Chooses the passages that go into the prompt: best first, within `budget` characters and `limit` passages. While there
 * is room, the sections after and before the top two are added, since an answer often continues in the next section.
 */
export function fitContext({
  ranked,
  budget,
  limit,
  minScoreShare,
  adjacent,
}: {
  ranked: readonly Passage[];
  /** Characters of section text. */
  budget: number;
  limit: number;
  /** Share of the best score, 0 to 1; passages below it are left out. */
  minScoreShare: number;
  adjacent: SectionLookup;
}): Passage[] {
  const context: Passage[] = [];
  const ids = new Set<string>();
  let remaining = budget;
  const add = (passage: Passage): void => {
    const size = passage.section.content.length;
    const isTooLong = size > remaining && context.length > 0;
    if (context.length >= limit || ids.has(passage.section.id) || isTooLong) return;
    context.push(passage);
    ids.add(passage.section.id);
    remaining -= size;
  };
  const minScore = minScoreShare * (ranked[0]?.score ?? 0);
  const hits = ranked.slice(0, Math.max(1, limit - 2)).filter(({ score }) => score >= minScore);
  for (const passage of hits) add(passage);
  for (const { section, score } of hits.slice(0, 2))
    for (const id of [section.next, section.previous]) {
      const neighbour = id === null ? undefined : adjacent(id);
      if (neighbour !== undefined && neighbour.source === section.source)
        add({ section: neighbour, similarity: null, score: score / 2 });
    }
  return context;
}
