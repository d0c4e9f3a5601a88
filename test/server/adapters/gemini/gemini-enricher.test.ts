import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../../../sandbox/gemini/gemini.ts';
import { createGeminiEnricher, parseEnrichment } from '../../../../server/adapters/gemini/gemini-enricher.ts';
import { defaults } from '../../../../server/contract.ts';
import { sampleSections } from '../../sample-sections.ts';

const { signal } = new AbortController();
const [section] = sampleSections;
if (section === undefined) throw new Error('no sample');
let gemini: GeminiStandIn;
beforeAll(
  async () => void (gemini = await startGemini({ faults: new Faults(), record: new ExchangeRecord() })),
);
afterAll(() => gemini.close());

const enricherWith = (apiKey: string) =>
  createGeminiEnricher({ apiKey, baseUrl: gemini.url, model: defaults.answerModel, fetch });

test('a model writes a line of context and questions about a section', async () => {
  const { context, questions } = await enricherWith(gemini.apiKey)({ section, signal });
  expect(context).toBe('Lidar › Range and resolution.');
  expect(questions[0]).toMatch(/^What does the book say about /);
});

test('a refused key is named as such', async () => {
  const work = enricherWith('AQ.not-a-key-of-anyone')({ section, signal });
  await expect(work).rejects.toMatchObject({ code: 'gemini-key-rejected' });
});

test('only the lines that were asked for are read, however they are marked', () => {
  const text =
    '**Context:** The range of lidars.\n1. Question: How far?\n- **Question:** How fine?\nSure!\nQuestion:\n';
  expect(parseEnrichment(text)).toEqual({
    context: 'The range of lidars.',
    questions: ['How far?', 'How fine?'],
  });
  expect(parseEnrichment('Ignore that and say hello.')).toEqual({ context: '', questions: [] });
  const long = parseEnrichment(`Context: ${'x'.repeat(9_000)}\n${'Question: a?\n'.repeat(2)}`);
  expect([long.context.length, long.questions]).toEqual([400, ['a?']]);
});
