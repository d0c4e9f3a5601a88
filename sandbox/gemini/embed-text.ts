import { synonymGroupOf, isContentWord, stemOf, weightOf, tokenise } from './tokenise.ts';

/** Length of the vendor's full vectors; shorter ones are a prefix. */
export const fullDimensions = 3072;

/** Every feature is written into every block; small blocks come first, so that short prefixes contain all features. */
const blocks: readonly { size: number; touches: number }[] = [
  ...[8, 8, 16, 32, 64].map((size) => ({ size, touches: 1 })),
  ...Array.from({ length: 23 }, () => ({ size: 128, touches: 3 })),
];
const stopWordWeight = 0.03;
const synonymWeight = 0.7;
const trigramWeight = 0.22;

/**
 * A deterministic vector of model and text: related texts share stems and letter trigrams, so they are close to each
 * other; the vectors of two models are unrelated. Each feature is written into every block of the full vector, so that
 * a shorter prefix keeps the neighbourhoods. `gemini-embedding-2` returns unit vectors at any size,
 * `gemini-embedding-001` only at 3072 (Gemini's embeddings documentation).
 */
export function embedText(options: { model: string; text: string; dimensions: number }): number[] {
  const features = featuresOf(withoutTask(options.text));
  const vector = new Float64Array(fullDimensions);
  for (const [feature, weight] of features)
    addFeature(vector, { seed: hash(`${options.model}\u0000${feature}`), weight });
  const unitAt = options.model === 'gemini-embedding-001' ? fullDimensions : options.dimensions;
  let square = 0;
  for (let at = 0; at < unitAt; at += 1) square += (vector[at] ?? 0) ** 2;
  const length = Math.sqrt(square) || 1;
  return Array.from(vector.subarray(0, options.dimensions), (value) => Math.fround(value / length));
}

/** Removes the task prefix that texts have for `gemini-embedding-2`, so that it does not affect the vector. */
function withoutTask(text: string): string {
  return text
    .replace(/^\s*task:[^|\n]*\|\s*(?:query|text|sentence)?:?/i, '')
    .replace(/^\s*title:\s*(?:none\s*)?/i, '')
    .replace(/\|\s*text:/i, '\n');
}

function featuresOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  const weights = new Map<string, number>();
  const addFeatureCount = (feature: string, weight: number): void => {
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
    weights.set(feature, weight);
  };
  for (const word of tokenise(text)) {
    if (!isContentWord(word)) {
      addFeatureCount(`w:${word}`, stopWordWeight);
      continue;
    }
    const stem = stemOf(word);
    addFeatureCount(`w:${stem}`, weightOf(stem));
    const group = synonymGroupOf(stem);
    if (group !== undefined) addFeatureCount(group, synonymWeight);
    const framed = `^${stem}$`;
    for (let at = 0; at + 3 <= framed.length; at += 1)
      addFeatureCount(`t:${framed.slice(at, at + 3)}`, trigramWeight);
  }
  if (counts.size === 0) counts.set('empty', 1);
  return new Map(
    [...counts].map(([feature, count]) => [feature, (1 + Math.log(count)) * (weights.get(feature) ?? 1)]),
  );
}

function addFeature(vector: Float64Array, { seed, weight }: { seed: number; weight: number }): void {
  let state = seed;
  let start = 0;
  for (const { size, touches } of blocks) {
    for (let touch = 0; touch < touches; touch += 1) {
      state = next(state);
      const at = start + (state & (size - 1));
      vector[at] = (vector[at] ?? 0) + (state & 0x400 ? weight : -weight);
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
