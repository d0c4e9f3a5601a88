import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { startHub, type HubServer } from '../../../../sandbox/hub/hub.ts';
import { HubRateLimit } from '../../../../sandbox/hub/rate-limit.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { defaultSpaceBehaviour } from '../../../../sandbox/space/space-behaviour.ts';

const folder = mkdtempSync(join(tmpdir(), 'rag-sandbox-test-'));
chmodSync(folder, 0o755);
const knobs = { ...defaultSpaceBehaviour(), buildMs: 20, settleMs: 20 };
let hub: HubServer;
let made = 0;

beforeAll(async () => {
  hub = await startHub({ folder, knobs, faults: new Faults(), record: new ExchangeRecord() });
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

type Body = Record<string, unknown>;

async function ask(
  method: string,
  path: string,
  { body, token = hub.tokens.pro }: { body?: unknown; token?: string } = {},
): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${hub.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Body };
}

/** A Space of its own that runs. */
async function running(): Promise<string> {
  made += 1;
  const server =
    "require('node:http').createServer((_, a) => a.end('ok')).listen(process.env.PORT, process.env.HOST)";
  const files = [
    { path: 'README.md', content: '---\nsdk: docker\napp_port: 7860\n---\n' },
    { path: 'Dockerfile', content: 'FROM node:24-slim\nCOPY . .\nUSER 1000\nCMD ["node", "server.js"]\n' },
    { path: 'server.js', content: server },
  ];
  const body = { type: 'space', sdk: 'docker', name: `runtime-${made}`, files };
  expect((await ask('POST', '/api/repos/create', { body })).status).toBe(200);
  const path = `/api/spaces/ana/runtime-${made}`;
  await expect.poll(() => stageOf(path), { timeout: 10_000 }).toBe('RUNNING');
  return path;
}
const stageOf = async (path: string): Promise<unknown> => (await ask('GET', `${path}/runtime`)).body['stage'];

describe('what runs', () => {
  it('restarts without building, builds anew on a factory restart', async () => {
    const path = await running();
    const buildsOf = () => hub.repositories.get(path.slice('/api/spaces/'.length))?.space.buildLog;
    const before = buildsOf();
    expect((await ask('POST', `${path}/restart`)).status).toBe(200);
    await expect.poll(() => stageOf(path)).toBe('RUNNING');
    expect(buildsOf()).toBe(before);
    expect((await ask('POST', `${path}/restart?factory=true`)).body['stage']).toMatch(/BUILDING/);
    await expect.poll(() => stageOf(path)).toBe('RUNNING');
  });

  it('sleeps when it wants on cpu-basic, when told on hardware that is paid for', async () => {
    const path = await running();
    expect(await ask('POST', `${path}/sleeptime`, { body: { seconds: 300 } })).toMatchObject({ status: 400 });
    const upgraded = await ask('POST', `${path}/hardware`, {
      body: { flavor: 'cpu-upgrade', sleepTimeSeconds: 3600 },
    });
    expect(upgraded.body).toMatchObject({ hardware: { requested: 'cpu-upgrade' }, gcTimeout: 3600 });
    const told = await ask('POST', `${path}/sleeptime`, { body: { seconds: 300 } });
    expect(told).toMatchObject({ status: 200, body: { gcTimeout: 300 } });
  });

  it('never comes back to cpu-basic on a free account (402)', async () => {
    const answer = await ask('POST', '/api/spaces/ben/book-api/hardware', {
      token: hub.tokens.free,
      body: { flavor: 'cpu-basic' },
    });
    expect(answer).toEqual({
      status: 402,
      body: { error: "Without a PRO subscription, you can't downgrade this Space to cpu-basic." },
    });
  });

  it('is hidden and shown by its settings', async () => {
    const path = await running();
    const asBen = async () => (await ask('GET', path, { token: hub.tokens.free })).status;
    expect(await asBen()).toBe(200);
    await ask('PUT', `${path}/settings`, { body: { visibility: 'private' } });
    expect(await asBen()).toBe(404);
    await ask('PUT', `${path}/settings`, { body: { visibility: 'public' } });
    expect(await asBen()).toBe(200);
  });

  it('refuses to restart or pause what is static (400), and what is somebody else’s (403)', async () => {
    const statuses = await Promise.all(
      ['restart', 'pause'].map(async (what) => [
        (await ask('POST', `/api/spaces/ana/static-site/${what}`)).status,
        (await ask('POST', `/api/spaces/ana/book-api/${what}`, { token: hub.tokens.free })).status,
      ]),
    );
    expect(statuses).toEqual([
      [400, 403],
      [400, 403],
    ]);
  });
});

it('shows a token that awaits an organisation’s approval like any other, and refuses what it asks for', async () => {
  const token = hub.tokens.orgPending;
  const me = await ask('GET', '/api/whoami-v2', { token });
  expect(JSON.stringify(me.body['auth'])).toContain('repo.write');
  const body = { type: 'space', sdk: 'docker', name: 'early', organization: 'textbook-lab' };
  expect((await ask('POST', '/api/repos/create', { body, token })).status).toBe(403);
});

it('refuses the call after the last of a window: 1,000 in five minutes for a free account', () => {
  const limit = new HubRateLimit({ accounts: [], tokens: [] });
  for (let calls = 1; calls <= 1_000; calls += 1) limit.take({});
  expect(() => limit.take({})).toThrow(expect.objectContaining({ status: 429 }) as Error);
});
