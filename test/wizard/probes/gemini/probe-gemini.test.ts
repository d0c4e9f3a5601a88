import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../../../sandbox/gemini/gemini.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { answerCandidates, probeGemini } from '../../../../wizard/probes/gemini/probe-gemini.ts';

let gemini: GeminiStandIn;
let record: ExchangeRecord;
const faults = new Faults();
beforeEach(async () => {
  record = new ExchangeRecord();
  gemini = await startGemini({ faults, record });
});
afterEach(async () => {
  faults.clear();
  await gemini.close();
});

const http = createHttp({ fetch, sleep: (_, options) => sleep(1, undefined, options) });
const { signal } = new AbortController();
const probe = (key = gemini.apiKey) =>
  probeGemini({ key: new Secret(key), baseUrl: gemini.url, http, signal });
const quota = (value: unknown) => gemini.controls['quota']?.(value);

describe('the check of a Gemini key', () => {
  it('really answers and embeds with the wanted models', async () => {
    expect(await probe()).toMatchObject({
      verdict: 'accepted',
      credential: {
        answerModel: 'gemini-flash-latest',
        embeddingModel: 'gemini-embedding-2',
        dimensions: 768,
      },
    });
    expect(record.list().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gemini.models', 'gemini.generateContent', 'gemini.embedContent']),
    );
    expect(record.list().every(({ path }) => !path.includes(gemini.apiKey))).toBe(true);
  });

  it('says of what kind the key is and which models answered', async () => {
    expect(await probe()).toMatchObject({
      rights: { has: ['an AI Studio key (AQ.)', 'gemini-flash-latest', 'gemini-embedding-2'], excess: [] },
    });
    quota({ per: 'Day', left: 0 });
    expect(await probe()).toHaveProperty('rights.has.1', 'gemini-flash-latest (not tried)');
  });

  it('uses the models that a person asked for, where they work', async () => {
    const models = { answerModel: 'gemini-3.5-flash-lite', embeddingModel: 'gemini-embedding-001' };
    const at = { key: new Secret(gemini.apiKey), baseUrl: gemini.url, http, signal };
    expect(await probeGemini({ ...at, ...models })).toMatchObject({ credential: models });
    gemini.controls['gone']?.(Object.values(models));
    expect(await probeGemini({ ...at, ...models })).toMatchObject({
      credential: { embeddingModel: 'gemini-embedding-2' },
    });
  });

  it('goes on to models that are there when the wanted ones are gone', async () => {
    gemini.controls['gone']?.([
      'gemini-flash-latest',
      'gemini-3.8-flash',
      'gemini-2.5-flash',
      'gemini-embedding-2',
    ]);
    expect(await probe()).toMatchObject({
      credential: { answerModel: 'gemini-3.5-flash-lite', embeddingModel: 'gemini-embedding-001' },
    });
  });

  it('tells a suspended project from a key that is wrong', async () => {
    gemini.controls['key']?.('suspended');
    expect(await probe()).toMatchObject({
      code: 'account-suspended',
      remedy: expect.stringMatching(/new key of that project is suspended/),
    });
    gemini.controls['key']?.('valid');
  });

  it('names a key that is wrong, and one of the retired kind', async () => {
    expect(await probe('AQ.not-the-key-of-anybody')).toMatchObject({
      verdict: 'rejected',
      code: 'key-rejected',
    });
    const standard = await probe('AIzaSyD-canary-canary-canary-canary-ca');
    expect(standard).toMatchObject({ verdict: 'rejected', code: 'standard-key' });
    expect(standard).toHaveProperty('remedy', expect.stringContaining('AI Studio'));
    expect(JSON.stringify(standard)).not.toContain('canary');
  });

  it.each(['Minute', 'Day'])('accepts a key whose quota of the %s is used up, and warns', async (per) => {
    quota({ per, left: 0 });
    const result = await probe();
    expect(result).toMatchObject({ verdict: 'accepted', credential: { answerModel: 'gemini-flash-latest' } });
    expect(result).toHaveProperty('warnings', [
      expect.stringContaining(per === 'Day' ? 'Today' : 'This minute'),
    ]);
    expect(record.list().filter(({ name }) => name === 'gemini.generateContent')).toHaveLength(1);
  });

  it.each(['Minute', 'Day'])(
    'goes on to a model with a quota when the wanted one has none a %s',
    async (per) => {
      quota({ per, left: 0, limit: 0, model: 'gemini-flash-latest' });
      expect(await probe()).toMatchObject({
        verdict: 'accepted',
        credential: { answerModel: 'gemini-3.8-flash' },
      });
    },
  );

  it('rejects a key that has a quota of zero for every model, and names the models', async () => {
    quota({ per: 'Day', left: 0, limit: 0 });
    expect(await probe()).toMatchObject({
      verdict: 'rejected',
      code: 'no-answer-model',
      message: expect.stringContaining('gemini-3.8-flash'),
    });
  });

  it('rejects a key whose prepaid credits are used up, and says where to pay', async () => {
    gemini.controls['noCredits']?.(true);
    const result = await probe();
    expect(result).toMatchObject({ verdict: 'rejected', code: 'no-credits' });
    expect(result).toHaveProperty('remedy', expect.stringContaining('https://ai.studio/projects'));
    expect(JSON.stringify(result)).not.toMatch(/try again|run again/i);
  });

  it('accepts a key while a model is overloaded, and warns', async () => {
    faults.add({ call: 'gemini.generateContent', kind: { type: 'status', status: 503 } });
    expect(await probe()).toMatchObject({
      verdict: 'accepted',
      warnings: [expect.stringContaining('overloaded')],
    });
  });

  it('is unreachable, not rejected, when Google is down or a proxy answers', async () => {
    faults.add({ call: 'gemini.models', kind: { type: 'status', status: 503 } });
    expect(await probe()).toMatchObject({ verdict: 'unreachable', code: 'server-error' });
    faults.clear();
    faults.add({ call: 'gemini.models', kind: { type: 'rubbish' } });
    expect(await probe()).toMatchObject({ verdict: 'unreachable', code: 'not-json' });
  });
});

it('candidates are flash models, newest and fullest first, no previews', () => {
  const listed = [
    'gemini-3.5-flash-lite',
    'gemini-3.6-flash',
    'gemini-4-flash-preview',
    'gemini-3.8-flash',
  ].map((name) => ({ name: `models/${name}`, supportedGenerationMethods: ['generateContent'] }));
  expect(answerCandidates(listed, 'mine')).toEqual([
    'mine',
    'gemini-3.8-flash',
    'gemini-3.6-flash',
    'gemini-3.5-flash-lite',
  ]);
});

// As public issues of other clients quote them: a new key of the same project helps with the first alone.
describe.each([
  ['Your API key was reported as leaked. Please use another API key.', 'key-leaked', /new key/],
  ['Your project has been denied access. Please contact support.', 'account-suspended', /another project/],
  [
    'This API method requires billing to be enabled. Please enable billing on project #1 then retry.',
    'billing-disabled',
    /Turn on billing/,
  ],
  [
    'This service has been disabled in this account for violation of Terms of Service.',
    'policy-refused',
    /write to its support/,
  ],
])('Gemini’s 403 “%s”', (message, code, remedy) => {
  it.each(['gemini.models', 'gemini.generateContent', 'gemini.embedContent'])('at %s', async (call) => {
    const body = JSON.stringify({ error: { code: 403, message, status: 'PERMISSION_DENIED' } });
    faults.add({ call, kind: { type: 'status', status: 403, body } });
    const refusal = await probe();
    expect(refusal).toMatchObject({ verdict: 'rejected', code });
    expect(refusal).toHaveProperty('remedy', expect.stringMatching(remedy));
  });
});
