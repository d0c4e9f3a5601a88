import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults, type Fault } from '../../../sandbox/exchange/faults.ts';
import { startGemini } from '../../../sandbox/gemini/gemini.ts';
import { startHub } from '../../../sandbox/hub/hub.ts';
import { startQdrant } from '../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { defaultSpaceBehaviour } from '../../../sandbox/space/space-behaviour.ts';
import { startVercel } from '../../../sandbox/vercel/vercel.ts';
import { createHttp, type Http } from '../../../wizard/clients/http.ts';
import type { Probe } from '../../../wizard/model/credential.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { probeGemini } from '../../../wizard/probes/gemini/probe-gemini.ts';
import { probeHub } from '../../../wizard/probes/huggingface/probe-hub.ts';
import { probeQdrant } from '../../../wizard/probes/qdrant/probe-qdrant.ts';
import { probeVercel } from '../../../wizard/probes/vercel/probe-vercel.ts';

const faults = new Faults();
const record = new ExchangeRecord();
const folder = mkdtempSync(join(tmpdir(), 'rag-faults-test-'));
const { signal } = new AbortController();

/** The real client, with waits of nothing and deadlines that a test can sit out. */
const real = createHttp({ fetch, sleep: async () => undefined });
const http: Http = { ...real, request: (request) => real.request({ ...request, timeoutMs: 150 }) };

let probes: Record<'hub' | 'vercel' | 'gemini' | 'qdrant', () => Promise<Probe<unknown>>>;
let stop: () => Promise<unknown>;
beforeAll(async () => {
  const at = { faults, record };
  const hub = await startHub({ ...at, folder, behaviour: defaultSpaceBehaviour() });
  const [vercel, gemini, qdrant] = await Promise.all([startVercel(at), startGemini(at), startQdrant(at)]);
  stop = () => Promise.all([hub, vercel, gemini, qdrant].map((service) => service.close()));
  const key = (text: string) => new Secret(text);
  probes = {
    hub: () =>
      probeHub({ token: key(hub.tokens.pro), endpoint: hub.url, http, signal, space: 'ana/new-one' }),
    vercel: () => probeVercel({ token: key(vercel.token), apiUrl: vercel.url, http, signal }),
    gemini: () => probeGemini({ key: key(gemini.apiKey), baseUrl: gemini.url, http, signal }),
    qdrant: () =>
      probeQdrant({
        url: key(qdrant.url),
        key: key(qdrant.apiKey),
        collection: 'book',
        use: 'write',
        http,
        signal,
      }),
  };
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const calls = {
  hub: ['whoami', 'organization', 'info'],
  vercel: ['user', 'teams', 'projects', 'token'],
  gemini: ['models', 'generateContent', 'embedContent'],
  qdrant: ['collections', 'version', 'delete'],
} as const;
const kinds: Record<string, Fault['kind']> = {
  401: { type: 'status', status: 401 },
  403: { type: 'status', status: 403 },
  404: { type: 'status', status: 404 },
  409: { type: 'status', status: 409 },
  429: { type: 'status', status: 429 },
  '429 with Retry-After': { type: 'status', status: 429, headers: { 'retry-after': '1' } },
  500: { type: 'status', status: 500 },
  timeout: { type: 'wait', ms: 5_000 },
  cut: { type: 'cut' },
  half: { type: 'half' },
  html: { type: 'rubbish' },
};
const silent = new Set(['429', '429 with Retry-After', '500', 'timeout', 'cut', 'half', 'html', '409']);
const cells = Object.entries(calls).flatMap(([vendor, names]) =>
  names.flatMap((name) => Object.keys(kinds).map((fault) => ({ vendor, call: `${vendor}.${name}`, fault }))),
);

describe('every call of every check', () => {
  it.each(cells)(
    '$call × $fault ends in a verdict, and the next run is accepted',
    async ({ vendor, call, fault }) => {
      const probe = probes[vendor as keyof typeof probes];
      record.clear();
      faults.add({ call, kind: kinds[fault] ?? { type: 'cut' } });
      const result = await probe();
      faults.clear();
      if (result.verdict !== 'accepted') {
        expect(`${result.message} ${result.remedy}`).toMatch(/Hugging Face|Vercel|Gemini|Qdrant/);
        expect(JSON.stringify(result)).not.toMatch(/undefined|\[object|\bat \w+ \(|TypeError/);
        // Silence and nonsense are no verdict on a key.
        if (silent.has(fault)) expect(result.verdict).toBe('unreachable');
      }
      // A check does without calls that it can do without; its first call is needed.
      const isFirst = /whoami|vercel\.user|gemini\.models|qdrant\.collections/.test(call);
      if (isFirst && !(vendor === 'vercel' && /403|404/.test(fault)))
        expect(result.verdict).not.toBe('accepted');
      expect(await probe()).toMatchObject({ verdict: 'accepted' });
    },
  );
});
