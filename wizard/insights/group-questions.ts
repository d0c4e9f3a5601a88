import { similarities, type QuestionText } from './question-similarity.ts';

/** More different questions than these are not compared with each other: that takes their number squared. */
export const maxCompared = 2_000;

/**
 * Groups questions that ask for the same, each with its members in the order of their likeness to the others: average
 * linkage, cut where two groups are as far apart as questions that ask for different things. The result depends on the
 * texts alone, not on their order.
 */
export function groupQuestions<T extends QuestionText>(questions: readonly T[]): T[][] {
  const items = questions
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .slice(0, maxCompared);
  const alike = similarities(items);
  const groups = merge(alike, items.length);
  return groups.map((members) => {
    const likeness = (member: number): number =>
      members.reduce((sum, other) => sum + (alike[member * items.length + other] ?? 0), 0);
    const sorted = members.toSorted((a, b) => likeness(b) - likeness(a) || a - b);
    return sorted.flatMap((member) => items[member] ?? []);
  });
}

/** The nearest-neighbour chain: groups that are each other's nearest are merged, whatever the others are. */
function merge(similarity: Float32Array, size: number): number[][] {
  const matrix = Float32Array.from(similarity);
  const at = (a: number, b: number): number => matrix[a * size + b] ?? 0;
  const members = Array.from({ length: size }, (_, index) => [index]);
  const active = new Set(members.keys());
  let chain: number[] = [];
  while (active.size > 1) {
    if (chain.length === 0) {
      const [first] = active;
      if (first === undefined) break;
      chain = [first];
    }
    const last = chain.at(-1) ?? 0;
    const previous = chain.at(-2);
    let nearest = previous ?? -1;
    for (const other of active)
      if (other !== last && (nearest === -1 || at(last, other) > at(last, nearest))) nearest = other;
    if (nearest !== previous) {
      // What is nearest to the last of the chain and still too far merges with nothing.
      if (at(last, nearest) < 1) {
        active.delete(last);
        chain.pop();
      } else chain.push(nearest);
      continue;
    }
    chain.splice(-2);
    const [kept, gone] = [Math.min(last, nearest), Math.max(last, nearest)];
    const [keptSize, goneSize] = [members[kept]?.length ?? 0, members[gone]?.length ?? 0];
    for (const other of active) {
      const mean = (keptSize * at(kept, other) + goneSize * at(gone, other)) / (keptSize + goneSize);
      matrix[kept * size + other] = mean;
      matrix[other * size + kept] = mean;
    }
    members[kept]?.push(...(members[gone] ?? []));
    members[gone] = [];
    active.delete(gone);
  }
  return members.filter(({ length }) => length > 0);
}
