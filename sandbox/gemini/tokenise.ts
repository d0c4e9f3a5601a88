/** The stand-in's knowledge of English: stop words, stems and synonyms. */

const stopWords = new Set(
  (
    'a about above after again all also am an and any are as at be because been before being below between both but ' +
    'by can could did do does doing down during each few for from further get give had has have having he her here ' +
    'hers him his how i if in into is it its itself just let may me might more most must my no nor not now of off on ' +
    'once only or other our out over own please same shall she should so some such tell than that the their them then ' +
    'there these they this those through to too under until up us very was we were what when where which while who ' +
    'whom why will with would you your explain describe mean means say says book chapter page section according ' +
    'want need use used using make makes many much work works happen happens thing things way ways'
  ).split(' '),
);

const suffixes: readonly (readonly [RegExp, string])[] = [
  [/'s$/, ''],
  [/(.{3,})ies$/, '$1y'],
  [/(.{3,})(?:ization|isation)$/, '$1ize'],
  [/(.{3,})ations?$/, '$1at'],
  [/(.{4,})(?:ments?|ness)$/, '$1'],
  [/(.{3,}(?:s|x|z|ch|sh))es$/, '$1'],
  [/(.{2,}[^s])s$/, '$1'],
  [/(.{3,})ing$/, '$1'],
  [/(.{3,})ed$/, '$1'],
  [/(.{3,})ly$/, '$1'],
  [/(.{3,})ers?$/, '$1'],
  [/(.{3,})e$/, '$1'],
  [/(.{2,})([bdgmnprt])\2$/, '$1$2'],
];

/** Splits a text into lower-case words without accents and punctuation; `snake_case` and `a.b` are split too. */
export function tokenise(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}]+(?:'[a-z]+)?/gu)
      ?.map((word) => word.replace(/'(?:s|re|ve|ll|d|m|t)$/, '')) ?? []
  );
}

/** The same stem for `planting`, `plants` and `planted`. Crude on purpose: only equality matters. */
export function stemOf(word: string): string {
  let stem = word;
  for (const [pattern, replacement] of suffixes) stem = stem.replace(pattern, replacement);
  return stem;
}

/** False for stop words and single letters. */
export const isContentWord = (word: string): boolean => word.length > 1 && !stopWords.has(word);

/** Stems of the words that are not stop words. */
export const contentStems = (text: string): string[] => tokenise(text).filter(isContentWord).map(stemOf);

/** Groups of words with similar meanings. */
const synonyms: readonly (readonly string[])[] = [
  ['height', 'high', 'tall', 'altitude', 'elevation'],
  ['hang', 'mount', 'install', 'attach', 'fasten', 'fit'],
  ['ground', 'soil', 'earth', 'grass', 'lawn', 'turf'],
  ['copy', 'backup', 'duplicate', 'clone'],
  ['test', 'check', 'verify', 'inspect', 'calibrate', 'calibration'],
  ['publish', 'share', 'release'],
  ['network', 'wireless', 'wifi', 'internet', 'connection'],
  ['fault', 'failure', 'defect', 'broken', 'breakdown', 'outage', 'error', 'mistake'],
  ['begin', 'start', 'launch', 'boot'],
  ['stop', 'halt', 'end', 'finish'],
  ['large', 'big', 'huge', 'great'],
  ['small', 'little', 'tiny'],
  ['fast', 'quick', 'rapid', 'speed'],
  ['delete', 'remove', 'erase', 'discard'],
  ['create', 'build', 'construct', 'assemble'],
  ['fix', 'repair', 'cure', 'mend', 'solve', 'solution', 'remedy'],
  ['buy', 'purchase', 'cost', 'price', 'expense'],
  ['cold', 'freezing', 'frost', 'ice'],
  ['hot', 'warm', 'heat', 'heating'],
  ['wet', 'damp', 'moist', 'humid', 'humidity'],
  ['rain', 'precipitation', 'rainfall'],
  ['keep', 'store', 'save', 'retain'],
  ['plant', 'grow', 'sow', 'cultivate'],
  ['picture', 'image', 'photo', 'photograph'],
  ['car', 'vehicle', 'automobile'],
  ['doctor', 'physician'],
  ['teach', 'instruct', 'lesson', 'course'],
  ['student', 'pupil', 'learner'],
];
const synonymGroups = new Map(
  synonyms.flatMap((group, index) => group.map((word) => [stemOf(word), `kin:${index}`] as const)),
);

/** The synonym group of a stem, if it has one: `height` and `high` have the same. */
export const synonymGroupOf = (stem: string): string | undefined => synonymGroups.get(stem);

/** A rough weight of a stem without statistics: long words are rare. */
export const weightOf = (stem: string): number => 0.4 + Math.min(stem.length, 10) / 8;

/** Approximates the vendor's count by four characters per token. */
export const countTokens = (text: string): number => Math.ceil(text.length / 4);
