import { expect, test } from 'vitest';
import { documentText, normalise, queryText, textFormat } from '../../../server/collection/embedding.ts';

const section = { title: 'Lidar', headings: ['Range'], content: 'Twelve metres.' };

test('gemini-embedding-2 gets its task in the text', () => {
  const model = 'gemini-embedding-2';
  expect(documentText({ model, ...section })).toBe('title: Lidar › Range | text: Twelve metres.');
  expect(queryText({ model, question: 'How far?' })).toBe('task: search result | query: How far?');
});

test('gemini-embedding-001 gets plain text, and another format in the stamp', () => {
  const model = 'models/gemini-embedding-001';
  expect(documentText({ model, ...section })).toBe('Lidar › Range\n\nTwelve metres.');
  expect(queryText({ model, question: 'How far?' })).toBe('How far?');
  expect(textFormat(model)).not.toBe(textFormat('gemini-embedding-2'));
});

test('vectors get unit length', () => {
  expect(normalise([3, 4])).toEqual([0.6, 0.8]);
  expect(normalise([0, 0])).toEqual([0, 0]);
});
