import { expect, test } from 'vitest';
import { sectionHash, sectionId } from '../../indexer/section-id.ts';

const place = { source: 'docs/a.md', anchor: 'b', ordinal: 0 };
const section = { title: 'A', headings: ['B'], content: 'Text.' };
const embedder = { model: 'gemini-embedding-2', dimensions: 768 };

test('ids are version 5 UUIDs and never change', () => {
  // With another value every existing collection would get each section twice.
  expect(sectionId(place)).toMatchInlineSnapshot(`"75ae2326-5347-5422-8832-566f8fa7712b"`);
  expect(sectionId({ ...place, anchor: null })).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-/,
  );
  expect(new Set([place, { ...place, ordinal: 1 }, { ...place, anchor: null }].map(sectionId)).size).toBe(3);
});

test('the hash changes with the embedded text and model, and with nothing else', () => {
  const hash = sectionHash({ section, embedder });
  expect(sectionHash({ section, embedder: { ...embedder, model: 'models/gemini-embedding-2' } })).toBe(hash);
  const others = [
    sectionHash({ section: { ...section, content: 'Text!' }, embedder }),
    sectionHash({ section: { ...section, headings: ['C'] }, embedder }),
    sectionHash({ section, embedder: { ...embedder, dimensions: 1536 } }),
    sectionHash({ section, embedder: { ...embedder, model: 'gemini-embedding-001' } }),
  ];
  expect(new Set([hash, ...others]).size).toBe(5);
});
