import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startGemini } from '../../../sandbox/gemini/gemini.ts';
import { startHub } from '../../../sandbox/hub/hub.ts';
import { startPostgres } from '../../../sandbox/postgres/postgres.ts';
import { startQdrant } from '../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { defaultSpaceBehaviour } from '../../../sandbox/space/space-behaviour.ts';
import { startVercel } from '../../../sandbox/vercel/vercel.ts';
import { createHttp } from '../../../wizard/clients/http.ts';
import type { Answers } from '../../../wizard/model/answers.ts';
import type { RunEvent } from '../../../wizard/model/run/event.ts';
import { Failure } from '../../../wizard/model/failure.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { probeService, runProbes } from '../../../wizard/probes/run-probes.ts';

const faults = new Faults();
const record = new ExchangeRecord();
const http = createHttp({ fetch, sleep: async () => undefined });
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'rag-validate-test-'));
let world: Awaited<ReturnType<typeof startAll>>;

async function startAll() {
  chmodSync(folder, 0o755);
  const at = { faults, record };
  const behaviour = defaultSpaceBehaviour();
  return {
    hub: await startHub({ ...at, folder: join(folder, 'spaces'), behaviour }),
    vercel: await startVercel({ ...at, token: 'aB3dE6gH9jK2mN5pQ8rS1tU4' }),
    gemini: await startGemini(at),
    qdrant: await startQdrant(at),
    postgres: await startPostgres({ folder: join(folder, 'pg'), password: 'p@ss/w:rd' }),
  };
}
beforeAll(async () => {
  world = await startAll();
});
afterEach(() => {
  faults.clear();
  record.clear();
});
afterAll(async () => {
  await Promise.all(Object.values(world).map((service) => service.close()));
  rmSync(folder, { recursive: true, force: true });
});

function answersWith(changes: Record<string, string> = {}): Answers {
  const values = {
    HF_TOKEN: world.hub.tokens.pro,
    VERCEL_TOKEN: world.vercel.token,
    GEMINI_API_KEY: world.gemini.apiKey,
    QDRANT_URL: world.qdrant.url,
    QDRANT_API_KEY: world.qdrant.apiKey,
    DATABASE_URL: world.postgres.url,
    ...changes,
  };
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    { value: new Secret(value), source: 'environment', cleaned: [] },
  ]);
  return Object.fromEntries(entries) as Answers;
}
const endpoints = () => ({ hf: world.hub.url, vercel: `${world.vercel.url}/`, gemini: world.gemini.url });

async function run(answers: Answers) {
  const events: RunEvent[] = [];
  const checks = runProbes({ answers, endpoints: endpoints(), http, signal });
  for (;;) {
    const next = await checks.next();
    if (next.done === true) return { outcome: next.value, events };
    events.push(next.value);
  }
}
const verdicts = (events: RunEvent[]) =>
  Object.fromEntries(
    events.flatMap((event) => (event.type === 'check-done' ? [[event.service, event.verdict]] : [])),
  );

describe('validation', () => {
  it('accepts all five, Hugging Face before the others, and writes nothing', async () => {
    const { outcome, events } = await run(answersWith());
    expect(Object.keys(outcome)).toHaveLength(5);
    expect(events.slice(0, 2).map((event) => [event.type, 'service' in event && event.service])).toEqual([
      ['check-started', 'huggingface'],
      ['check-done', 'huggingface'],
    ]);
    expect(new Set(Object.values(verdicts(events)))).toEqual(new Set(['accepted']));
    expect(record.writes().total).toBe(0);
    expect(JSON.stringify(events)).not.toContain(world.vercel.token);
  });

  it('a hopeless Hugging Face account ends it before anybody else is asked', async () => {
    const { outcome, events } = await run(answersWith({ HF_TOKEN: world.hub.tokens.free }));
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'free-plan', service: 'huggingface' });
    expect(events).toHaveLength(2);
    expect(record.list().every(({ vendor }) => vendor === 'hub')).toBe(true);
  });

  it('reports every other verdict, and fails with a rejection before a silence', async () => {
    faults.add({ call: 'vercel.*', kind: { type: 'status', status: 503 } });
    const { outcome, events } = await run(answersWith({ QDRANT_API_KEY: 'some-other-key' }));
    expect(outcome).toBeInstanceOf(Failure);
    expect(outcome).toMatchObject({ kind: 'rejected', service: 'qdrant' });
    expect(verdicts(events)).toEqual({
      huggingface: 'accepted',
      vercel: 'unreachable',
      gemini: 'accepted',
      qdrant: 'rejected',
      postgres: 'accepted',
    });
  });

  it('sends no vendor a key that is plainly another’s', async () => {
    const answers = answersWith({ GEMINI_API_KEY: world.hub.tokens.pro });
    const probe = await probeService({ service: 'gemini', answers, endpoints: endpoints(), http, signal });
    expect(probe).toMatchObject({
      verdict: 'rejected',
      code: 'wrong-shape',
      message: expect.stringContaining('Hugging Face'),
    });
    expect(record.list()).toEqual([]);
  });

  it('sends no key to an address without TLS', async () => {
    const insecure = { ...endpoints(), gemini: 'http://gemini.example.com' };
    const check = probeService({
      service: 'gemini',
      answers: answersWith(),
      endpoints: insecure,
      http,
      signal,
    });
    await expect(check).rejects.toMatchObject({ kind: 'usage', code: 'insecure-endpoint' });
  });
});
