import type { ScoredSection } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import type { Passage } from '../protocol.ts';
import type { FusionWeights } from '../settings.ts';

/**
 * Fuses two rankings into one: each retriever's scores are normalised to 0 to 1, weighted and added. The same text under
 * two ids (a collection that was indexed twice) counts once. Pure.
 */
export function fuseRankings({
  dense,
  lexical,
  weights,
}: {
  dense: readonly ScoredSection[];
  lexical: readonly ScoredSection[];
  weights: FusionWeights;
}): Passage[] {
  const passages: Passage[] = [];
  /** Keyed by text alone, whose hash the engine caches; a composed key would be hashed for every lookup. */
  const byContent = new Map<string, Passage[]>();
  const rankings = [
    { hits: dense, weight: weights.dense, similarityOf: (score: number): number | null => score },
    { hits: lexical, weight: weights.lexical, similarityOf: () => null },
  ].filter(({ hits, weight }) => hits.length > 0 && weight > 0);
  const totalWeight = rankings.reduce((sum, { weight }) => sum + weight, 0);
  for (const { hits, weight, similarityOf } of rankings) {
    const counted = new Set<Passage>();
    for (const [index, { section, score }] of hits.entries()) {
      const candidates = byContent.get(section.content) ?? [];
      let passage = candidates.find((candidate) => isSameSection(candidate.section, section));
      if (passage === undefined) {
        passage = { section, score: 0, similarity: similarityOf(score) };
        byContent.set(section.content, [...candidates, passage]);
        passages.push(passage);
      }
      if (counted.has(passage)) continue;
      counted.add(passage);
      passage.score += (weight / totalWeight) * normaliseScore(hits, index);
    }
  }
  return passages.sort((a, b) => b.score - a.score || a.section.position - b.section.position);
}

/** The last hit still counts for something: it was chosen from thousands. */
const minNormalisedScore = 0.15;

function normaliseScore(hits: readonly ScoredSection[], index: number): number {
  const best = hits[0]?.score ?? 0;
  const worst = hits.at(-1)?.score ?? 0;
  const score = hits[index]?.score ?? 0;
  if (best === worst) return 1;
  return minNormalisedScore + (1 - minNormalisedScore) * ((score - worst) / (best - worst));
}

function isSameSection(a: Section, b: Section): boolean {
  return a === b || (a.source === b.source && a.headings.join('\n') === b.headings.join('\n'));
}
