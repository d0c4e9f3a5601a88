import { expect, test } from 'vitest';
import { embeddingCost, estimateTokens } from '../../../indexer/sync/embedding-cost.ts';

test('estimates the tokens of heading path and text', () => {
  expect(estimateTokens([{ title: 'Page', headings: ['Page', 'Part'], content: 'x'.repeat(29) }])).toBe(10);
});

test.each([
  ['gemini-embedding-2', 24_123, 'about 24,000 tokens to embed, less than $0.01 with a paid key'],
  ['gemini-embedding-2-preview', 1_260_000, 'about 1,300,000 tokens to embed, about $0.25 with a paid key'],
  ['gemini-embedding-001', 1_260_000, 'about 1,300,000 tokens to embed, about $0.19 with a paid key'],
  ['gemini-embedding-9', 24_123, 'about 24,000 tokens to embed'],
])('%s: %i tokens', (model, tokens, cost) => expect(embeddingCost({ tokens, model })).toBe(cost));
