import type { ScoredSection } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import type { Passage } from '../protocol.ts';

export type FusionWeights = { dense: number; lexical: number };

/**
 * One ranking out of two: each leg's scores are spread over 0 to 1 within the leg, weighted and added. The same
 * text found twice (a collection indexed twice has it under two ids) counts once. Pure.
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
  /** By their text, whose hash the engine has: a key made of all that must be alike would be hashed anew. */
  const alike = new Map<string, Passage[]>();
  const bestLexical = lexical[0]?.score ?? 1;
  const legs = [
    { hits: dense, weight: weights.dense, similarityOf: (score: number) => score },
    { hits: lexical, weight: weights.lexical, similarityOf: (score: number) => score / bestLexical },
  ].filter(({ hits, weight }) => hits.length > 0 && weight > 0);
  const total = legs.reduce((sum, { weight }) => sum + weight, 0);
  for (const { hits, weight, similarityOf } of legs) {
    const seen = new Set<Passage>();
    for (const [index, { section, score }] of hits.entries()) {
      const texts = alike.get(section.content) ?? [];
      let passage = texts.find((one) => isSameSection(one.section, section));
      if (passage === undefined) {
        passage = { section, score: 0, similarity: similarityOf(score) };
        alike.set(section.content, [...texts, passage]);
        passages.push(passage);
      }
      if (seen.has(passage)) continue;
      seen.add(passage);
      passage.score += (weight / total) * normaliseScore(hits, index);
    }
  }
  return passages.sort(
    (one, other) => other.score - one.score || one.section.position - other.section.position,
  );
}

/** The last of a leg still counts for something: it was found among thousands. */
const minNormalisedScore = 0.15;

function normaliseScore(hits: readonly ScoredSection[], index: number): number {
  const best = hits[0]?.score ?? 0;
  const worst = hits.at(-1)?.score ?? 0;
  const own = hits[index]?.score ?? 0;
  return best === worst
    ? 1
    : minNormalisedScore + (1 - minNormalisedScore) * ((own - worst) / (best - worst));
}

function isSameSection(one: Section, other: Section): boolean {
  return (
    one === other || (one.source === other.source && one.headings.join('\n') === other.headings.join('\n'))
  );
}
