import { synonymGroupOf, isContentWord, stemOf, weightOf, tokenise } from './tokenise.ts';

/** Length of the vendor's whole vector; a shorter one is its beginning. */
export const fullDimensions = 3072;

/** A feature touches every block; small ones come first, so that a very short vector has something of each. */
const blocks: readonly { size: number; touches: number }[] = [
  ...[8, 8, 16, 32, 64].map((size) => ({ size, touches: 1 })),
  ...Array.from({ length: 23 }, () => ({ size: 128, touches: 3 })),
];
const stopWordWeight = 0.03;
const synonymWeight = 0.7;
const trigramWeight = 0.22;

/**
 * A vector that depends on nothing but model and text: related texts share stems and letter trigrams, and so
 * come near each other; two models share no direction. Each feature is written into every block of the full
 * vector, so that a shortened vector keeps the neighbourhoods.
 * `gemini-embedding-2` is of unit length at any size, `gemini-embedding-001` only at 3072 (vendor's word).
 */
export function embedText(given: { model: string; text: string; dimensions: number }): number[] {
  const features = featuresOf(withoutTask(given.text));
  const whole = new Float64Array(fullDimensions);
  for (const [feature, weight] of features)
    addFeature(whole, { seed: hash(`${given.model}\u0000${feature}`), weight });
  const unitAt = given.model === 'gemini-embedding-001' ? fullDimensions : given.dimensions;
  let square = 0;
  for (let at = 0; at < unitAt; at += 1) square += (whole[at] ?? 0) ** 2;
  const length = Math.sqrt(square) || 1;
  return Array.from(whole.subarray(0, given.dimensions), (value) => Math.fround(value / length));
}

/** The task is put into the text for `gemini-embedding-2`; it must not become part of what the text is about. */
function withoutTask(text: string): string {
  return text
    .replace(/^\s*task:[^|\n]*\|\s*(?:query|text|sentence)?:?/i, '')
    .replace(/^\s*title:\s*(?:none\s*)?/i, '')
    .replace(/\|\s*text:/i, '\n');
}

function featuresOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const weights = new Map<string, number>();
  const note = (feature: string, weight: number): void => {
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
    weights.set(feature, weight);
  };
  for (const word of tokenise(text)) {
    if (!isContentWord(word)) {
      note(`w:${word}`, stopWordWeight);
      continue;
    }
    const stem = stemOf(word);
    note(`w:${stem}`, weightOf(stem));
    const family = synonymGroupOf(stem);
    if (family !== undefined) note(family, synonymWeight);
    const framed = `^${stem}$`;
    for (let at = 0; at + 3 <= framed.length; at += 1) note(`t:${framed.slice(at, at + 3)}`, trigramWeight);
  }
  if (counts.size === 0) counts.set('empty', 1);
  return new Map(
    [...counts].map(([feature, count]) => [feature, (1 + Math.log(count)) * (weights.get(feature) ?? 1)]),
  );
}

function addFeature(whole: Float64Array, { seed, weight }: { seed: number; weight: number }): void {
  let state = seed;
  let start = 0;
  for (const { size, touches } of blocks) {
    for (let touch = 0; touch < touches; touch += 1) {
      state = next(state);
      const at = start + (state & (size - 1));
      whole[at] = (whole[at] ?? 0) + (state & 0x400 ? weight : -weight);
    }
    start += size;
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value | 1;
}

/** Xorshift, 32 bits: never reaches zero from another number. */
function next(state: number): number {
  let value = state;
  value ^= value << 13;
  value ^= value >>> 17;
  value ^= value << 5;
  return value;
}
