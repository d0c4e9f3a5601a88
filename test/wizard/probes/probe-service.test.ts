import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHttp } from '../../../wizard/clients/http.ts';
import type { Answers } from '../../../wizard/model/answers.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { probeService } from '../../../wizard/probes/probe-service.ts';
import { startSandboxServices, type SandboxServices } from '../steps/sandbox-services.ts';

const http = createHttp({ fetch, sleep: async () => undefined });
const { signal } = new AbortController();
let vendors: SandboxServices;
beforeAll(async () => void (vendors = await startSandboxServices()));
beforeEach(() => vendors.record.clear());
afterAll(() => vendors?.close());

const gemini = (key: string): Answers => ({
  GEMINI_API_KEY: { value: new Secret(key), source: 'environment', cleaned: [] },
});
const endpoints = () => {
  const { credentials } = vendors.context();
  return { hf: vendors.hub.url, vercel: vendors.vercel.url, gemini: credentials.gemini.baseUrl };
};

it('sends no vendor a key that is plainly another’s', async () => {
  const answers = gemini(vendors.hub.tokens.pro);
  const probe = await probeService({ service: 'gemini', answers, endpoints: endpoints(), http, signal });
  expect(probe).toMatchObject({
    verdict: 'rejected',
    code: 'wrong-shape',
    message: expect.stringContaining('Hugging Face'),
  });
  expect(vendors.record.list()).toEqual([]);
});

it('sends no key to an address without TLS', async () => {
  const insecure = { ...endpoints(), gemini: 'http://gemini.example.com' };
  const answers = gemini(vendors.context().credentials.gemini.key.reveal());
  const check = probeService({ service: 'gemini', answers, endpoints: insecure, http, signal });
  await expect(check).rejects.toMatchObject({ kind: 'usage', code: 'insecure-endpoint' });
});
