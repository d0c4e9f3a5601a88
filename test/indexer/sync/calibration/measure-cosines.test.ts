import { expect, test } from 'vitest';
import { heldBackSentences } from '../../../../indexer/sync/calibration/held-back-sentences.ts';
import { measureCosines } from '../../../../indexer/sync/calibration/measure-cosines.ts';
import { normalise } from '../../../../server/collection/embedding.ts';
import { embedText } from '../../../../sandbox/gemini/embed-text.ts';
import { sampleSections } from '../../../server/sample-sections.ts';

const words = 'mast rain wind snow sun pole sensor battery cable roof'.split(' ');
const sections = Array.from({ length: 60 }, (_, at) => {
  const subject = [at, at * 3 + 1, at * 7 + 2]
    .map((number) => words[number % words.length])
    .join(' near the ');
  return {
    ...sampleSections[0]!,
    id: String(at),
    content: `This tells of the ${subject}. It is number ${at}.`,
  };
});

/** Vectors by a function of the text, as a collection keeps them. */
async function agreementOf(vectorOf: (text: string) => number[]) {
  const { signal } = new AbortController();
  const sentences = heldBackSentences(sections, 8).map((entry) => ({
    ...entry,
    vector: vectorOf(entry.sentence),
  }));
  const vectors = sentences.map(({ vector }) => vector);
  const store = {
    vectorsById: async ({ ids }: { ids: readonly string[] }) =>
      sections
        .filter(({ id }) => ids.includes(id))
        .map(({ id, content }) => ({ id, vector: vectorOf(content) })),
  };
  return measureCosines({ vectors, sentences, sections }, { store, signal });
}

test('hashed words agree with the words, vectors of anything else do not', async () => {
  const hashed = await agreementOf((text) => embedText({ model: 'any', text, dimensions: 256 }));
  const byLength = await agreementOf((text) => normalise([Math.sin(text.length), Math.cos(text.length)]));
  expect(hashed.agreement).toBeGreaterThan(0.5);
  expect(Math.abs(byLength.agreement)).toBeLessThan(0.4);
  expect(hashed.cosineDeviation).toBeGreaterThan(0);
});
