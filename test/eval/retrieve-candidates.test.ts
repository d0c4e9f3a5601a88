import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataSet } from '../../eval/data-set/data-set.ts';
import { readDataSet } from '../../eval/data-set/read-data-set.ts';
import { addDenseCandidates, lexicalCandidates, openCollection } from '../../eval/retrieve-candidates.ts';
import { score } from '../../eval/score.ts';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../sandbox/gemini/gemini.ts';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { chatSettings } from '../../server/chat/settings.ts';

/** The stand-in's vectors mean nothing: this tests the calls, not how well questions are answered. */
const { signal } = new AbortController();
const faults = new Faults();
const record = new ExchangeRecord();
let gemini: GeminiStandIn;
let data: DataSet;

beforeAll(async () => {
  gemini = await startGemini({ faults, record });
  const whole = await readDataSet({ file: 'eval/weather-station.json', signal });
  data = { ...whole, questions: whole.questions.slice(0, 12) };
});
afterAll(() => gemini.close());

it('embeds every section and every question, and waits for the quota per minute', async () => {
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [{ quotaId: 'EmbedContentRequestsPerMinutePerProjectPerModel-FreeTier' }],
    },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '26s' },
  ];
  const body = JSON.stringify({
    error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED', details },
  });
  const headers = { 'content-type': 'application/json' };
  for (const call of ['gemini.batchEmbedContents', 'gemini.embedContent'])
    faults.add({ call, kind: { type: 'status', status: 429, headers, body }, times: 1, after: 2 });
  const slept: number[] = [];
  const notes: string[] = [];
  const request = {
    data,
    embedder: createGeminiEmbedder({
      apiKey: gemini.apiKey,
      baseUrl: gemini.url,
      model: 'gemini-embedding-2',
      dimensions: 768,
    }),
    sleep: async (ms: number) => void slept.push(ms),
    note: (text: string) => void notes.push(text),
    signal,
  };
  const store = await openCollection(request);
  const candidates = await addDenseCandidates({ ...request, candidates: lexicalCandidates(data), store });
  expect(slept.filter((ms) => ms === 26_000)).toHaveLength(2);
  expect(notes.join('\n')).toContain('26 s');
  for (const { dense } of candidates) {
    expect(dense).toHaveLength(chatSettings.candidates.dense);
    const scores = dense?.map((hit) => hit.score) ?? [];
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  }
  const { recall, mrr } = score(candidates, chatSettings);
  for (const share of [recall[5], mrr]) expect(share).toBeGreaterThanOrEqual(0);
});
