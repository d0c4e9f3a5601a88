import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { contractPath } from '../../contracts/contract.ts';
import { startTestHub } from './test-hub.ts';

type Interaction = {
  cassette: string;
  request: { method: string; uri: string; contentType: string | null; body: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
};

const recordings = contractPath('hf-recorded-interactions.json');

/** Replaces ids, dates and origins, which differ from run to run. */
function mask(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/[0-9a-f]{40}/g, '(commit)')
    .replaceAll(/\b[0-9a-f]{24}\b/g, '(id)')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(date)')
    .replaceAll(/https?:\/\/(huggingface\.co|127\.0\.0\.1:\d+)/g, '(hub)')
    .replaceAll(/"(user-tmp-test-space\.hf\.space|127\.0\.0\.1:\d+)"/g, '"(host)"')
    .replaceAll('ana/', 'user/');
  return JSON.parse(text) as unknown;
}

it.skipIf(recordings === null)('answers 52 recorded requests as the Hub did', async () => {
  const { interactions } = JSON.parse(readFileSync(recordings!, 'utf8')) as {
    interactions: Interaction[];
  };
  const { hub, close } = await startTestHub({ behaviour: { build: 'stuck' } });
  const differences: unknown[] = [];
  try {
    // The first recording begins with a 409: its Space existed already.
    await send(hub, {
      method: 'POST',
      uri: '/api/repos/create',
      body: { type: 'space', name: 'tmp_test_space', sdk: 'gradio' },
    });
    for (const { cassette, request, response } of interactions) {
      const received = await send(hub, request);
      const type = (text: string | null | undefined) => text?.split(';')[0];
      const expected = {
        status: response.status,
        type: type(response.headers['content-type']),
        body: mask(response.body),
      };
      const actual = { status: received.status, type: type(received.type), body: mask(received.body) };
      if (JSON.stringify(sortKeys(expected)) !== JSON.stringify(sortKeys(actual))) {
        differences.push({ cassette, call: `${request.method} ${request.uri}`, expected, actual });
      }
    }
  } finally {
    await close();
  }
  expect(interactions).toHaveLength(52);
  expect(differences).toEqual([]);
});

/** Sorts keys, so that only contents are compared. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]));
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
