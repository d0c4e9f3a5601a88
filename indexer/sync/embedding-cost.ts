import { headingPath } from '../../server/collection/section.ts';

/** Texts per embedding call: small, so that a refused batch is cheap to repeat. The vendor's limit is 100. */
export const textsPerCall = 32;

/** Estimates the tokens to embed for these sections, at four characters each. */
export function estimateTokens(
  sections: Iterable<{ title: string; headings: readonly string[]; content: string }>,
): number {
  let characters = 0;
  for (const section of sections) characters += headingPath(section).length + section.content.length;
  return Math.ceil(characters / 4);
}

/** US dollars per million tokens of text with a paid key; the free tier costs nothing (ai.google.dev, pricing, 2026). */
const prices: { [model: string]: number } = { 'gemini-embedding-2': 0.2, 'gemini-embedding-001': 0.15 };

/** `about 24,000 tokens to embed, less than $0.01 with a paid key`; without the price for a model whose price is unknown. */
export function embeddingCost({ tokens, model }: { tokens: number; model: string }): string {
  const rounded = Number(tokens.toPrecision(2)).toLocaleString('en-US');
  const amount = `about ${rounded} tokens to embed`;
  const price = Object.entries(prices).find(([name]) => model.startsWith(name))?.[1];
  if (price === undefined) return amount;
  const dollars = (tokens * price) / 1e6;
  const cost = dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`;
  return `${amount}, ${cost} with a paid key`;
}
