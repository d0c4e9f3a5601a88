import type { LexicalHits } from '../../collection/bm25-index.ts';
import type { ScoredSection } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import type { Passage } from '../protocol.ts';
import type { FusionSettings } from '../settings.ts';

/**
 * Fuses two rankings into one. Each score is measured in standard deviations of its retriever's scores with the whole
 * book, so a retriever that tells little apart, for this question or at all, has little to say; then both are weighted
 * and added. The same text under two ids (a collection that was indexed twice) counts once. Pure.
 */
export function fuseRankings({
  dense,
  lexical,
  fusion: { denseWeight, cosineDeviation },
}: {
  dense: readonly ScoredSection[];
  lexical: Pick<LexicalHits, 'hits' | 'deviation'>;
  fusion: FusionSettings;
}): Passage[] {
  const passages: Passage[] = [];
  /** Keyed by text alone, whose hash the engine caches; a composed key would be hashed for every lookup. */
  const byContent = new Map<string, Passage[]>();
  const last = dense.at(-1)?.score ?? 0;
  const denseDeviation = cosineDeviation ?? estimateDeviation(dense);
  const rankings = [
    {
      hits: dense,
      // A section that is not among the hits has at most the last one's cosine.
      valueOf: (score: number) => (denseWeight * (score - last)) / denseDeviation,
      similarityOf: (score: number): number | null => score,
    },
    {
      hits: lexical.hits,
      valueOf: (score: number) => ((1 - denseWeight) * score) / Math.max(lexical.deviation, tiny),
      similarityOf: () => null,
    },
  ];
  for (const { hits, valueOf, similarityOf } of rankings) {
    const counted = new Set<Passage>();
    for (const { section, score } of hits) {
      const candidates = byContent.get(section.content) ?? [];
      let passage = candidates.find((candidate) => isSameSection(candidate.section, section));
      if (passage === undefined) {
        passage = { section, score: 0, similarity: similarityOf(score) };
        byContent.set(section.content, [...candidates, passage]);
        passages.push(passage);
      }
      if (counted.has(passage)) continue;
      counted.add(passage);
      passage.score += valueOf(score);
    }
  }
  addPages(passages, dense.length > 0 ? neighbourShare * denseWeight : 0);
  passages.sort((a, b) => b.score - a.score || a.section.position - b.section.position);
  const best = Math.max(tiny, passages[0]?.score ?? 0);
  for (const passage of passages) passage.score /= best;
  return passages;
}

/**
 * A part of the best score on its page is added to each section's, and a little of the better one beside it: a page that is
 * about the question often answers it in several places. Sections beside each other are alike by their vectors, hardly by
 * their words.
 */
function addPages(passages: readonly Passage[], besideShare: number): void {
  const best = new Map<string, number>();
  const scores = new Map<string, number>();
  for (const { section, score } of passages) {
    scores.set(section.id, score);
    best.set(section.source, Math.max(score, best.get(section.source) ?? 0));
  }
  for (const passage of passages) {
    const { previous, next, source } = passage.section;
    const beside = [previous, next].map((id) => (id === null ? 0 : (scores.get(id) ?? 0)));
    passage.score += pageShare * (best.get(source) ?? 0) + besideShare * Math.max(...beside);
  }
}

const pageShare = 0.6;
/** Of what the vectors say. */
const neighbourShare = 0.12;

/** No division by zero. */
const tiny = 1e-9;

/** The first of forty hits is typically this many deviations above the last. */
const deviationsOfHits = 3;

function estimateDeviation(hits: readonly ScoredSection[]): number {
  const range = (hits[0]?.score ?? 0) - (hits.at(-1)?.score ?? 0);
  return Math.max(tiny, range / deviationsOfHits);
}

function isSameSection(a: Section, b: Section): boolean {
  return a === b || (a.source === b.source && a.headings.join('\n') === b.headings.join('\n'));
}
