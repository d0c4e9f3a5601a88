import { GoogleGenerativeAI } from '@google/generative-ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../../sandbox/gemini/gemini.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';

const contract = readContract('gemini-v1beta.openapi.json');

const record = new ExchangeRecord();
let gemini: GeminiStandIn;
let client: GoogleGenerativeAI;
beforeAll(async () => {
  gemini = await startGemini({ faults: new Faults(), record });
  client = new GoogleGenerativeAI(gemini.apiKey);
});
afterAll(() => gemini.close());

type Response = { status: number; body: any; text: string }; // oxlint-disable-line typescript/no-explicit-any

async function raw(path: string, init: { body?: unknown; key?: string | null } = {}): Promise<Response> {
  const key = init.key === undefined ? gemini.apiKey : init.key;
  const response = await fetch(`${gemini.url}/v1beta/${path}`, {
    method: init.body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'x-goog-api-key': key }) },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, text, body: isJson ? JSON.parse(text) : null };
}
const set = (control: string, value: unknown): void => gemini.controls[control]?.(value);
const requestOf = (text: string, generationConfig: object = {}) => ({
  contents: [{ role: 'user', parts: [{ text }] }],
  generationConfig: { thinkingConfig: { thinkingBudget: 0 }, ...generationConfig },
});
const generate = (model: string, body: object) => raw(`models/${model}:generateContent`, { body });
const stream = (body: object) => raw('models/gemini-flash-latest:streamGenerateContent?alt=sse', { body });
const detail = (reply: Response, type: string) =>
  (reply.body.error.details as { '@type': string }[]).find((entry) =>
    entry['@type'].endsWith(`.${type}`),
  ) as any; // oxlint-disable-line typescript/no-explicit-any

describe('keys', () => {
  it('answers an unknown key with 400 and the reason API_KEY_INVALID, not with 401', async () => {
    const reply = await raw('models', { key: 'AQ.wrong' });
    expect(reply.body.error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: 'API key not valid. Please pass a valid API key.',
    });
    expect(detail(reply, 'ErrorInfo').reason).toBe('API_KEY_INVALID');
  });

  it.for([
    ['expired', 'API key expired'],
    ['not-found', 'API Key not found'],
  ] as const)('rejects a valid key that is %s', async ([state, message]) => {
    set('key', state);
    expect((await raw('models')).body.error).toMatchObject({
      code: 400,
      message: expect.stringContaining(message),
    });
    set('key', 'valid');
  });

  it('rejects standard keys (AIza…), as Google does since 2026', async () => {
    const reply = await raw('models', { key: 'AIzaSyD-whatever' });
    expect(reply.status).toBe(401);
    expect(detail(reply, 'ErrorInfo').reason).toBe('ACCESS_TOKEN_TYPE_UNSUPPORTED');
    set('standardKeys', 'invalid');
    expect((await raw('models', { key: 'AIzaSyD-whatever' })).status).toBe(400);
    set('standardKeys', 'unsupported');
  });

  it('reads the key from the header only, not from ?key=', async () => {
    expect((await raw(`models?key=${gemini.apiKey}`, { key: null })).status).toBe(401);
    expect((await raw('models', { key: null })).status).toBe(403);
  });
});

describe('models', () => {
  it('are listed in pages', async () => {
    const first = await raw('models?pageSize=4');
    expect(first.body.models).toHaveLength(4);
    const second = await raw(`models?pageSize=4&pageToken=${first.body.nextPageToken}`);
    expect(second.body.nextPageToken).toBeUndefined();
    const names = [...first.body.models, ...second.body.models].map((model) => model.name);
    expect(names).toEqual(
      expect.arrayContaining(['models/gemini-flash-latest', 'models/gemini-embedding-2']),
    );
  });

  it('include a retired one, which answers 404 when used', async () => {
    expect((await raw('models/gemini-2.5-flash')).body.name).toBe('models/gemini-2.5-flash');
    const reply = await generate('gemini-2.5-flash', requestOf('ping'));
    expect(reply.status).toBe(404);
    expect(reply.body.error.message).toContain('no longer available to new users');
  });

  it('answer under v1 too, which the newest clients call', async () => {
    const headers = { 'x-goog-api-key': gemini.apiKey, 'content-type': 'application/json' };
    const url = `${gemini.url}/v1/models/gemini-flash-latest:generateContent`;
    const init = { method: 'POST', headers, body: JSON.stringify(requestOf('ping')) };
    expect((await fetch(url, init)).status).toBe(200);
    expect((await fetch(`${gemini.url}/v1/models`, { headers })).status).toBe(200);
  });

  // Google's thinking guide: a budget up to 2.5, a level from 3 on, never both.
  it.each([
    [{ thinkingLevel: 'LOW', thinkingBudget: 0 }, 'only one of thinking budget and thinking level'],
    [{ thinkingBudget: 24_577 }, 'choose a value between 0 and 24576'],
    [{ thinkingBudget: -2 }, 'choose a value between 0 and 24576'],
    [{ thinkingLevel: 'DEEP' }, 'thinkingLevel'],
  ])('refuse the thinking configuration %j', async (thinkingConfig, words) => {
    const body = { ...requestOf('ping'), generationConfig: { thinkingConfig } };
    const reply = await generate('gemini-flash-latest', body);
    expect(reply.status).toBe(400);
    expect(reply.body.error.message).toContain(words);
  });

  it('refuse a level where they have none, and all settings where they do not think', async () => {
    gemini.controls['gone']?.([]);
    gemini.controls['noThinking']?.(['gemini-3.5-flash-lite']);
    const body = { ...requestOf('ping'), generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } };
    const replies = [
      await generate('gemini-2.5-flash', body),
      await generate('gemini-3.5-flash-lite', body),
      await generate('gemini-3.5-flash-lite', { contents: requestOf('ping').contents }),
    ];
    gemini.controls['gone']?.(['gemini-2.5-flash']);
    gemini.controls['noThinking']?.([]);
    expect(replies.map(({ status }) => status)).toEqual([400, 400, 200]);
  });

  it('refuse a role that is none', async () => {
    const body = { contents: [{ role: 'assistant', parts: [{ text: 'ping' }] }] };
    const reply = await generate('gemini-flash-latest', body);
    expect(reply.status).toBe(400);
    expect(reply.body.error.message).toBe('Please use a valid role: user, model.');
  });

  it('are named in the answer when an alias was requested, and an unknown one is refused by name', async () => {
    expect((await generate('gemini-flash-latest', requestOf('ping'))).body.modelVersion).toBe(
      'gemini-3.8-flash',
    );
    const reply = await raw('models/text-embedding-004:embedContent', {
      body: { content: { parts: [{ text: 'a' }] } },
    });
    expect(reply.body.error.message).toContain(
      'models/text-embedding-004 is not found for API version v1beta',
    );
  });
});

describe('quotas and load', () => {
  it('distinguish a per-minute from a per-day quota, and may omit RetryInfo', async () => {
    set('quota', { per: 'Minute', left: 1 });
    expect((await generate('gemini-flash-latest', requestOf('ping'))).status).toBe(200);
    const minute = await generate('gemini-flash-latest', requestOf('ping'));
    expect(minute.body.error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(detail(minute, 'RetryInfo').retryDelay).toBe('26s');
    set('quota', { per: 'Day', left: 0, retryDelaySeconds: null });
    const day = await generate('gemini-flash-latest', requestOf('ping'));
    expect(detail(day, 'RetryInfo')).toBeUndefined();
    expect(detail(day, 'QuotaFailure').violations[0].quotaId).toBe(
      'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
    );
    set('quota', null);
  });

  it('leave a quota of zero out, as JSON of proto3 does: only the message names it', async () => {
    set('quota', { per: 'Day', left: 0, limit: 0, model: 'gemini-flash-latest' });
    const none = await generate('gemini-flash-latest', requestOf('ping'));
    expect(none.body.error.message).toContain('limit: 0');
    expect(detail(none, 'QuotaFailure').violations[0]).not.toHaveProperty('quotaValue');
    expect((await generate('gemini-3.8-flash', requestOf('ping'))).status).toBe(200);
    set('quota', null);
  });

  it('count every item of a batch against the embedding quota', async () => {
    set('embedQuota', { left: 3 });
    const item = {
      model: 'models/gemini-embedding-2',
      content: { parts: [{ text: 'a word' }] },
      outputDimensionality: 8,
    };
    const batch = (size: number) =>
      raw('models/gemini-embedding-2:batchEmbedContents', {
        body: { requests: Array.from({ length: size }, () => item) },
      });
    expect((await batch(2)).body.embeddings).toHaveLength(2);
    expect((await batch(2)).status).toBe(429);
    set('embedQuota', null);
    const tooMany = await batch(101);
    expect(tooMany.status).toBe(400);
    expect(tooMany.body.error.message).toContain('at most 100 requests can be in one batch');
  });

  it('answer 503 for as many calls as configured', async () => {
    set('overloaded', 1);
    expect((await generate('gemini-flash-latest', requestOf('ping'))).body.error.status).toBe('UNAVAILABLE');
    expect((await generate('gemini-flash-latest', requestOf('ping'))).status).toBe(200);
  });
});

describe('answers', () => {
  it('are framed by CRLF CRLF without [DONE], and are a JSON array without alt=sse', async () => {
    set('script', { pieces: ['One ', 'two.'], times: 2 });
    const { text } = await stream(requestOf('count'));
    expect(
      text
        .split('\r\n\r\n')
        .slice(0, -1)
        .every((event) => event.startsWith('data: {')),
    ).toBe(true);
    expect(text).not.toContain('[DONE]');
    const array = await raw('models/gemini-flash-latest:streamGenerateContent', { body: requestOf('count') });
    expect(array.body).toHaveLength(2);
    expect(array.body[1].candidates[0]).toMatchObject({ finishReason: 'STOP' });
  });

  it('spend the token budget on thinking: a small limit ends with MAX_TOKENS and no text', async () => {
    const { body } = await generate(
      'gemini-flash-latest',
      requestOf('ping', { maxOutputTokens: 1, thinkingConfig: { thinkingLevel: 'LOW' } }),
    );
    expect(body.candidates[0].finishReason).toBe('MAX_TOKENS');
    expect(body.candidates[0].content.parts).toBeUndefined();
    expect(body.usageMetadata.thoughtsTokenCount).toBeGreaterThan(0);
  });

  it.for([
    ['safety', 'SAFETY'],
    ['recitation', 'RECITATION'],
    ['max-tokens', 'MAX_TOKENS'],
  ])('can be cut in the middle by %s', async ([ending, reason]) => {
    set('script', { pieces: ['Half'], ending });
    const { text } = await stream(requestOf('anything'));
    expect(text).toContain('"Half"');
    expect(text).toContain(`"finishReason":"${reason}"`);
  });

  it('can be a blocked prompt: a reason and no candidate', async () => {
    set('script', { pieces: [], ending: 'blocked' });
    const { body } = await generate('gemini-flash-latest', requestOf('anything'));
    expect(body.candidates).toBeUndefined();
    expect(body.promptFeedback.blockReason).toBe('SAFETY');
  });

  it('can contain an error inside a 200 stream, as an event or bare', async () => {
    set('script', [
      { pieces: ['Half'], ending: 'error-chunk' },
      { pieces: ['Half'], ending: 'raw-error-chunk' },
    ]);
    expect((await stream(requestOf('anything'))).text).toContain('data: {"error":{"code":503');
    expect((await stream(requestOf('anything'))).text).toMatch(/\r\n\r\n\{"error":\{"code":503/);
  });

  it('can be cut off without a last chunk', async () => {
    set('script', { pieces: ['Half'], ending: 'cut' });
    await expect(stream(requestOf('anything'))).rejects.toThrow();
  });

  it('stop when the client disconnects, which is counted', async () => {
    set('script', { pieces: ['First'], ending: 'hang' });
    const disconnect = new AbortController();
    const response = await fetch(
      `${gemini.url}/v1beta/models/gemini-flash-latest:streamGenerateContent?alt=sse`,
      {
        method: 'POST',
        headers: { 'x-goog-api-key': gemini.apiKey },
        body: JSON.stringify(requestOf('anything')),
        signal: disconnect.signal,
      },
    );
    await response.body?.getReader().read();
    expect(gemini.state()['streams']).toMatchObject({ open: 1 });
    disconnect.abort();
    await expect.poll(() => gemini.state()['streams']).toMatchObject({ open: 0, aborted: 1 });
  });

  it('refuse an unknown field by name, and accept known fields in camelCase and snake_case', async () => {
    const reply = await generate('gemini-flash-latest', { ...requestOf('ping'), mood: 'good' });
    expect(reply.body.error.message).toContain('Unknown name "mood"');
    const contents = [{ parts: [{ text: 'ping' }] }];
    const snake = await generate('gemini-flash-latest', {
      contents,
      generation_config: { max_output_tokens: 1 },
    });
    expect(snake.body.candidates[0].finishReason).toBe('MAX_TOKENS');
  });

  it('count tokens and embed a batch for Google’s own client', async () => {
    const model = client.getGenerativeModel({ model: 'gemini-embedding-001' }, { baseUrl: gemini.url });
    expect((await model.countTokens('eight letters and more')).totalTokens).toBeGreaterThan(2);
    const content = { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] };
    expect((await model.batchEmbedContents({ requests: [{ content }] })).embeddings).toHaveLength(1);
  });
});

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));

async function embed(model: string, text: string, dimensions = 768): Promise<number[]> {
  const request = { content: { role: 'user', parts: [{ text }] }, outputDimensionality: dimensions };
  return (await client.getGenerativeModel({ model }, { baseUrl: gemini.url }).embedContent(request)).embedding
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
  it('embeds a question closer to its passage than to another, at 768 dimensions and unit length', async () => {
    const model = 'gemini-embedding-2';
    const question = await embed(model, 'task: search result | query: When do I water basil?');
    const right = await embed(
      model,
      'title: Basil | text: Water basil in the morning, while the soil is cool.',
    );
    const wrong = await embed(model, 'title: Tools | text: Wipe the blades of the secateurs with alcohol.');
    expect(question).toHaveLength(768);
    expect(Math.hypot(...question)).toBeCloseTo(1, 5);
    expect(cosine(question, right)).toBeGreaterThan(cosine(question, wrong) + 0.2);
  });

  it('embeds into unrelated spaces with the two models; 001 has unit length only at 3072', async () => {
    const text = 'Water basil in the morning';
    const [a, b] = [await embed('gemini-embedding-2', text), await embed('gemini-embedding-001', text)];
    expect(Math.abs(cosine(a, b))).toBeLessThan(0.25);
    expect(Math.hypot(...b)).toBeLessThan(0.9);
    expect(Math.hypot(...(await embed('gemini-embedding-001', text, 3072)))).toBeCloseTo(1, 5);
  });

  it('streams an answer from the right passage, with its marker', async () => {
    const model = client.getGenerativeModel({ model: 'gemini-flash-latest' }, { baseUrl: gemini.url });
    const { stream, response } = await model.generateContentStream(prompt);
    let pieces = 0;
    for await (const chunk of stream) pieces += chunk.text() === '' ? 0 : 1;
    const answer = (await response).text();
    expect(pieces).toBeGreaterThan(1);
    expect(answer).toContain('Water basil in the morning. [Source 1]');
    expect(answer).not.toContain('[Source 2]');
  });

  it('gets the standard refusal when no passage is about the question', async () => {
    const model = client.getGenerativeModel({ model: 'gemini-3.8-flash' }, { baseUrl: gemini.url });
    const question = prompt.replace(/Question: .*/, 'Question: Who won the chess championship in 1972?');
    expect((await model.generateContent(question)).response.text()).toBe(
      "I couldn't find relevant information in the book about that.",
    );
  });
});

it.skipIf(contract === null)("matches the vendor's own document in every exchange of this file", () => {
  const results = record.list().map((exchange) => problemsOf(contract!, exchange));
  expect(results.filter((problems) => problems !== null).length).toBeGreaterThan(3);
  expect(results.flatMap((problems) => problems ?? [])).toEqual([]);
});
