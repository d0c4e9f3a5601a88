import { GoogleGenerativeAI } from '@google/generative-ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../../sandbox/gemini/gemini.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';

const record = new ExchangeRecord();
let gemini: GeminiStandIn;
beforeAll(async () => {
  gemini = await startGemini({ faults: new Faults(), record });
});
afterAll(() => gemini.close());

type Reply = { status: number; body: any; text: string }; // oxlint-disable-line typescript/no-explicit-any

async function raw(path: string, init: { body?: unknown; key?: string | null } = {}): Promise<Reply> {
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
const turn = (knob: string, value: unknown): void => gemini.controls[knob]?.(value);
const asking = (text: string, generationConfig: object = {}) => ({
  contents: [{ role: 'user', parts: [{ text }] }],
  generationConfig: { thinkingConfig: { thinkingBudget: 0 }, ...generationConfig },
});
const generate = (model: string, body: object) => raw(`models/${model}:generateContent`, { body });
const stream = (body: object) => raw('models/gemini-flash-latest:streamGenerateContent?alt=sse', { body });
const detail = (reply: Reply, type: string) =>
  (reply.body.error.details as { '@type': string }[]).find((one) => one['@type'].endsWith(`.${type}`)) as any; // oxlint-disable-line typescript/no-explicit-any

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
  ] as const)('says of a good key that it is %s', async ([state, message]) => {
    turn('key', state);
    expect((await raw('models')).body.error).toMatchObject({
      code: 400,
      message: expect.stringContaining(message),
    });
    turn('key', 'valid');
  });

  it('refuses standard keys (AIza…), as Google does since 2026', async () => {
    const reply = await raw('models', { key: 'AIzaSyD-whatever' });
    expect(reply.status).toBe(401);
    expect(detail(reply, 'ErrorInfo').reason).toBe('ACCESS_TOKEN_TYPE_UNSUPPORTED');
    turn('standardKeys', 'invalid');
    expect((await raw('models', { key: 'AIzaSyD-whatever' })).status).toBe(400);
    turn('standardKeys', 'unsupported');
  });

  it('reads the key from the header alone, never from ?key=', async () => {
    expect((await raw(`models?key=${gemini.apiKey}`, { key: null })).status).toBe(401);
    expect((await raw('models', { key: null })).status).toBe(403);
  });
});

describe('models', () => {
  it('lists page by page', async () => {
    const first = await raw('models?pageSize=4');
    expect(first.body.models).toHaveLength(4);
    const second = await raw(`models?pageSize=4&pageToken=${first.body.nextPageToken}`);
    expect(second.body.nextPageToken).toBeUndefined();
    const names = [...first.body.models, ...second.body.models].map((model) => model.name);
    expect(names).toEqual(
      expect.arrayContaining(['models/gemini-flash-latest', 'models/gemini-embedding-2']),
    );
  });

  it('lists a model that answers 404 on use', async () => {
    expect((await raw('models/gemini-2.5-flash')).body.name).toBe('models/gemini-2.5-flash');
    const reply = await generate('gemini-2.5-flash', asking('ping'));
    expect(reply.status).toBe(404);
    expect(reply.body.error.message).toContain('no longer available to new users');
  });

  it('says which model answered behind an alias, and which is unknown', async () => {
    expect((await generate('gemini-flash-latest', asking('ping'))).body.modelVersion).toBe(
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
  it('tells a quota of the minute from one of the day, and may leave RetryInfo out', async () => {
    turn('quota', { per: 'Minute', left: 1 });
    expect((await generate('gemini-flash-latest', asking('ping'))).status).toBe(200);
    const minute = await generate('gemini-flash-latest', asking('ping'));
    expect(minute.body.error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(detail(minute, 'RetryInfo').retryDelay).toBe('26s');
    turn('quota', { per: 'Day', left: 0, retryDelaySeconds: null });
    const day = await generate('gemini-flash-latest', asking('ping'));
    expect(detail(day, 'RetryInfo')).toBeUndefined();
    expect(detail(day, 'QuotaFailure').violations[0].quotaId).toBe(
      'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
    );
    turn('quota', null);
  });

  it('counts every item of a batch against the embedding quota', async () => {
    turn('embedQuota', { left: 3 });
    const one = {
      model: 'models/gemini-embedding-2',
      content: { parts: [{ text: 'a word' }] },
      outputDimensionality: 8,
    };
    const batch = (size: number) =>
      raw('models/gemini-embedding-2:batchEmbedContents', {
        body: { requests: Array.from({ length: size }, () => one) },
      });
    expect((await batch(2)).body.embeddings).toHaveLength(2);
    expect((await batch(2)).status).toBe(429);
    turn('embedQuota', null);
    const tooMany = await batch(101);
    expect(tooMany.status).toBe(400);
    expect(tooMany.body.error.message).toContain('at most 100 requests can be in one batch');
  });

  it('is overloaded for as many calls as it is told', async () => {
    turn('overloaded', 1);
    expect((await generate('gemini-flash-latest', asking('ping'))).body.error.status).toBe('UNAVAILABLE');
    expect((await generate('gemini-flash-latest', asking('ping'))).status).toBe(200);
  });
});

describe('answers', () => {
  it('frames events by CRLF CRLF, without a [DONE], and without alt=sse sends a JSON array', async () => {
    turn('script', { pieces: ['One ', 'two.'], times: 2 });
    const { text } = await stream(asking('count'));
    expect(
      text
        .split('\r\n\r\n')
        .slice(0, -1)
        .every((event) => event.startsWith('data: {')),
    ).toBe(true);
    expect(text).not.toContain('[DONE]');
    const array = await raw('models/gemini-flash-latest:streamGenerateContent', { body: asking('count') });
    expect(array.body).toHaveLength(2);
    expect(array.body[1].candidates[0]).toMatchObject({ finishReason: 'STOP' });
  });

  it('lets thinking eat the budget: a small limit ends with MAX_TOKENS and no text', async () => {
    const { body } = await generate(
      'gemini-flash-latest',
      asking('ping', { maxOutputTokens: 1, thinkingConfig: { thinkingLevel: 'LOW' } }),
    );
    expect(body.candidates[0].finishReason).toBe('MAX_TOKENS');
    expect(body.candidates[0].content.parts).toBeUndefined();
    expect(body.usageMetadata.thoughtsTokenCount).toBeGreaterThan(0);
  });

  it.for([
    ['safety', 'SAFETY'],
    ['recitation', 'RECITATION'],
    ['max-tokens', 'MAX_TOKENS'],
  ])('can be cut by %s in the middle', async ([ending, reason]) => {
    turn('script', { pieces: ['Half'], ending });
    const { text } = await stream(asking('anything'));
    expect(text).toContain('"Half"');
    expect(text).toContain(`"finishReason":"${reason}"`);
  });

  it('blocks a prompt with a reason and no candidate', async () => {
    turn('script', { pieces: [], ending: 'blocked' });
    const { body } = await generate('gemini-flash-latest', asking('anything'));
    expect(body.candidates).toBeUndefined();
    expect(body.promptFeedback.blockReason).toBe('SAFETY');
  });

  it('can bring an error inside a 200 stream, as an event or bare', async () => {
    turn('script', [
      { pieces: ['Half'], ending: 'error-chunk' },
      { pieces: ['Half'], ending: 'raw-error-chunk' },
    ]);
    expect((await stream(asking('anything'))).text).toContain('data: {"error":{"code":503');
    expect((await stream(asking('anything'))).text).toMatch(/\r\n\r\n\{"error":\{"code":503/);
  });

  it('can be cut off without an end', async () => {
    turn('script', { pieces: ['Half'], ending: 'cut' });
    await expect(stream(asking('anything'))).rejects.toThrow();
  });

  it('stops when the client leaves, and counts it', async () => {
    turn('script', { pieces: ['First'], ending: 'hang' });
    const leave = new AbortController();
    const response = await fetch(
      `${gemini.url}/v1beta/models/gemini-flash-latest:streamGenerateContent?alt=sse`,
      {
        method: 'POST',
        headers: { 'x-goog-api-key': gemini.apiKey },
        body: JSON.stringify(asking('anything')),
        signal: leave.signal,
      },
    );
    await response.body?.getReader().read();
    expect(gemini.state()['streams']).toMatchObject({ open: 1 });
    leave.abort();
    await expect.poll(() => gemini.state()['streams']).toMatchObject({ open: 0, aborted: 1 });
  });

  it('refuses a field that it does not know, by name, and reads both spellings of those it knows', async () => {
    const reply = await generate('gemini-flash-latest', { ...asking('ping'), mood: 'good' });
    expect(reply.body.error.message).toContain('Unknown name "mood"');
    const contents = [{ parts: [{ text: 'ping' }] }];
    const snake = await generate('gemini-flash-latest', {
      contents,
      generation_config: { max_output_tokens: 1 },
    });
    expect(snake.body.candidates[0].finishReason).toBe('MAX_TOKENS');
  });

  it('counts tokens and embeds a batch for Google’s own client', async () => {
    const model = new GoogleGenerativeAI(gemini.apiKey).getGenerativeModel(
      { model: 'gemini-embedding-001' },
      { baseUrl: gemini.url },
    );
    expect((await model.countTokens('eight letters and more')).totalTokens).toBeGreaterThan(2);
    const content = { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] };
    expect((await model.batchEmbedContents({ requests: [{ content }] })).embeddings).toHaveLength(1);
  });
});

describe("the vendor's own document", () => {
  it('describes every exchange of this file', ({ skip }) => {
    const contract = readContract('gemini-v1beta.openapi.json') ?? skip('../shared/contracts is not here');
    expect(record.list().flatMap((exchange) => problemsOf(contract, exchange) ?? [])).toEqual([]);
  });
});
