import { GoogleGenerativeAI } from '@google/generative-ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../../sandbox/gemini/gemini.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';

const record = new ExchangeRecord();
let gemini: GeminiStandIn;
let sdk: GoogleGenerativeAI;

beforeAll(async () => {
  gemini = await startGemini({ faults: new Faults(), record });
  sdk = new GoogleGenerativeAI(gemini.apiKey);
});
afterAll(() => gemini.close());

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));

async function embedded(model: string, text: string, dimensions = 768): Promise<number[]> {
  const request = { content: { role: 'user', parts: [{ text }] }, outputDimensionality: dimensions };
  return (await sdk.getGenerativeModel({ model }, { baseUrl: gemini.url }).embedContent(request)).embedding
    .values;
}

const prompt = `<passages 9f3a71c2d4e5>
[Source 1] Basil › Watering
Water basil in the morning. The soil should dry out between two waterings.
[Source 2] Tools › Cleaning
Wipe the blades of the secateurs with alcohol after every plant.
</passages 9f3a71c2d4e5>
Question: When should I water my basil?`;

describe("Google's own client against the stand-in", () => {
  it('puts a question nearer to its passage than to another, at 768 dimensions and unit length', async () => {
    const model = 'gemini-embedding-2';
    const question = await embedded(model, 'task: search result | query: When do I water basil?');
    const right = await embedded(
      model,
      'title: Basil | text: Water basil in the morning, while the soil is cool.',
    );
    const wrong = await embedded(
      model,
      'title: Tools | text: Wipe the blades of the secateurs with alcohol.',
    );
    expect(question).toHaveLength(768);
    expect(Math.hypot(...question)).toBeCloseTo(1, 5);
    expect(cosine(question, right)).toBeGreaterThan(cosine(question, wrong) + 0.2);
  });

  it('gives unrelated spaces to two models, and 001 is of unit length only at 3072', async () => {
    const text = 'Water basil in the morning';
    const [a, b] = [await embedded('gemini-embedding-2', text), await embedded('gemini-embedding-001', text)];
    expect(Math.abs(cosine(a, b))).toBeLessThan(0.25);
    expect(Math.hypot(...b)).toBeLessThan(0.9);
    expect(Math.hypot(...(await embedded('gemini-embedding-001', text, 3072)))).toBeCloseTo(1, 5);
  });

  it('streams an answer made of the right passage, with its marker', async () => {
    const model = sdk.getGenerativeModel({ model: 'gemini-flash-latest' }, { baseUrl: gemini.url });
    const { stream, response } = await model.generateContentStream(prompt);
    let pieces = 0;
    for await (const chunk of stream) pieces += chunk.text() === '' ? 0 : 1;
    const answer = (await response).text();
    expect(pieces).toBeGreaterThan(1);
    expect(answer).toContain('Water basil in the morning. [Source 1]');
    expect(answer).not.toContain('[Source 2]');
  });

  it('says so when no passage speaks of the question', async () => {
    const model = sdk.getGenerativeModel({ model: 'gemini-3.8-flash' }, { baseUrl: gemini.url });
    const asked = prompt.replace(/Question: .*/, 'Question: Who won the chess championship in 1972?');
    expect((await model.generateContent(asked)).response.text()).toBe(
      "I couldn't find relevant information in the book about that.",
    );
  });
});

describe("the vendor's own document", () => {
  it.for(['gemini-v1beta.openapi.json'])('describes every exchange of this file: %s', (file, { skip }) => {
    const contract = readContract(file) ?? skip('../shared/contracts is not here');
    const judged = record.list().map((exchange) => problemsOf(contract, exchange));
    expect(judged.filter((problems) => problems !== null).length).toBeGreaterThan(3);
    expect(judged.flatMap((problems) => problems ?? [])).toEqual([]);
  });
});
