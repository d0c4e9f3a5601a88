import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startHub } from '../../../sandbox/hub/hub.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { defaultSpaceBehaviour } from '../../../sandbox/space/space-behaviour.ts';

type Interaction = {
  cassette: string;
  request: { method: string; uri: string; contentType: string | null; body: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
};

const RECORDINGS = fileURLToPath(
  new URL('../../../shared/contracts/hf-recorded-interactions.json', import.meta.url),
);
const missing = !existsSync(RECORDINGS);

/** Ids, dates and origins differ from run to run; everything else must not. */
function masked(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/[0-9a-f]{40}/g, '(commit)')
    .replaceAll(/\b[0-9a-f]{24}\b/g, '(id)')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(date)')
    .replaceAll(/https?:\/\/(huggingface\.co|127\.0\.0\.1:\d+)/g, '(hub)')
    .replaceAll(/"(user-tmp-test-space\.hf\.space|127\.0\.0\.1:\d+)"/g, '"(host)"')
    .replaceAll('ana/', 'user/');
  return JSON.parse(text) as unknown;
}

it.skipIf(missing)('answers as the Hub did in 52 recorded exchanges', async () => {
  const { interactions } = JSON.parse(readFileSync(RECORDINGS, 'utf8')) as { interactions: Interaction[] };
  const folder = mkdtempSync(join(tmpdir(), 'rag-sandbox-test-'));
  chmodSync(folder, 0o755);
  const hub = await startHub({
    folder,
    knobs: { ...defaultSpaceBehaviour(), build: 'stuck' },
    faults: new Faults(),
    record: new ExchangeRecord(),
  });
  const differing: unknown[] = [];
  try {
    // The first recording begins with a 409: its Space was there already.
    await send(hub, {
      method: 'POST',
      uri: '/api/repos/create',
      body: { type: 'space', name: 'tmp_test_space', sdk: 'gradio' },
    });
    for (const { cassette, request, response } of interactions) {
      const got = await send(hub, request);
      const type = (text: string | null | undefined) => text?.split(';')[0];
      const expected = {
        status: response.status,
        type: type(response.headers['content-type']),
        body: masked(response.body),
      };
      const actual = { status: got.status, type: type(got.type), body: masked(got.body) };
      if (JSON.stringify(sorted(expected)) !== JSON.stringify(sorted(actual))) {
        differing.push({ cassette, call: `${request.method} ${request.uri}`, expected, actual });
      }
    }
  } finally {
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
  expect(interactions).toHaveLength(52);
  expect(differing).toEqual([]);
});

/** Keys in order, so that only contents count. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => sorted(one));
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

async function send(
  hub: { url: string; tokens: { pro: string } },
  request: { method: string; uri: string; body: unknown },
): Promise<{ status: number; type: string | null; body: unknown }> {
  const url = new URL(request.uri, hub.url);
  // The account of the recordings is called user.
  const path = `${url.pathname}${url.search}`
    .replace('/spaces/user/', '/spaces/ana/')
    .replace('/victor/static-space', '/ana/static-site');
  const lines = Array.isArray(request.body)
    ? request.body.map((line) => JSON.stringify(line)).join('\n')
    : null;
  const body = JSON.stringify(request.body)?.replace('"organization":"user"', '"organization":"ana"');
  const response = await fetch(`${hub.url}${path}`, {
    method: request.method,
    headers: { authorization: `Bearer ${hub.tokens.pro}` },
    ...(request.body === null ? {} : { body: lines ?? body }),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, type, body: type?.includes('json') === true ? JSON.parse(text) : text };
}
