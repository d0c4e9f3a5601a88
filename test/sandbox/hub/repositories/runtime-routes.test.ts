import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubServer } from '../../../../sandbox/hub/hub.ts';
import { HubRateLimit, rateLimitWindowMs } from '../../../../sandbox/hub/rate-limit.ts';
import { startTestHub, type TestHub } from '../test-hub.ts';

let testHub: TestHub;
let hub: HubServer;
let created = 0;

beforeAll(async () => {
  testHub = await startTestHub({ behaviour: { buildMs: 20, settleMs: 20 } });
  hub = testHub.hub;
});
afterAll(() => testHub.close());

type Body = Record<string, unknown>;

async function ask(...request: Parameters<TestHub['request']>): Promise<{ status: number; body: Body }> {
  const { status, body } = await testHub.request(...request);
  return { status, body: body as Body };
}

/** Creates a Space for one test, and waits until it runs; its path in the API. */
async function createRunningSpace(): Promise<string> {
  created += 1;
  const server =
    "require('node:http').createServer((_, a) => a.end('ok')).listen(process.env.PORT, process.env.HOST)";
  const files = [
    { path: 'README.md', content: '---\nsdk: docker\napp_port: 7860\n---\n' },
    { path: 'Dockerfile', content: 'FROM node:24-slim\nCOPY . .\nUSER 1000\nCMD ["node", "server.js"]\n' },
    { path: 'server.js', content: server },
  ];
  const body = { type: 'space', sdk: 'docker', name: `runtime-${created}`, files };
  expect((await ask('POST', '/api/repos/create', { body })).status).toBe(200);
  const path = `/api/spaces/ana/runtime-${created}`;
  await expect.poll(() => stageOf(path), { timeout: 10_000 }).toBe('RUNNING');
  return path;
}
const stageOf = async (path: string): Promise<unknown> => (await ask('GET', `${path}/runtime`)).body['stage'];

describe('a running Space', () => {
  it('restarts without a build, and builds again on a factory restart', async () => {
    const path = await createRunningSpace();
    const buildsOf = () => hub.repositories.get(path.slice('/api/spaces/'.length))?.space.buildLog;
    const before = buildsOf();
    expect((await ask('POST', `${path}/restart`)).status).toBe(200);
    await expect.poll(() => stageOf(path)).toBe('RUNNING');
    expect(buildsOf()).toBe(before);
    expect((await ask('POST', `${path}/restart?factory=true`)).body['stage']).toMatch(/BUILDING/);
    await expect.poll(() => stageOf(path)).toBe('RUNNING');
  });

  it('has a fixed sleep time on cpu-basic, and a configurable one on paid hardware', async () => {
    const path = await createRunningSpace();
    expect(await ask('POST', `${path}/sleeptime`, { body: { seconds: 300 } })).toMatchObject({ status: 400 });
    const upgraded = await ask('POST', `${path}/hardware`, {
      body: { flavor: 'cpu-upgrade', sleepTimeSeconds: 3600 },
    });
    expect(upgraded.body).toMatchObject({ hardware: { requested: 'cpu-upgrade' }, gcTimeout: 3600 });
    const configured = await ask('POST', `${path}/sleeptime`, { body: { seconds: 300 } });
    expect(configured).toMatchObject({ status: 200, body: { gcTimeout: 300 } });
  });

  it('cannot return to cpu-basic on a free account (402)', async () => {
    const answer = await ask('POST', '/api/spaces/ben/book-api/hardware', {
      token: hub.tokens.free,
      body: { flavor: 'cpu-basic' },
    });
    expect(answer).toEqual({
      status: 402,
      body: { error: "Without a PRO subscription, you can't downgrade this Space to cpu-basic." },
    });
  });

  it('is hidden and shown by its visibility setting', async () => {
    const path = await createRunningSpace();
    const statusForBen = async () => (await ask('GET', path, { token: hub.tokens.free })).status;
    expect(await statusForBen()).toBe(200);
    await ask('PUT', `${path}/settings`, { body: { visibility: 'private' } });
    expect(await statusForBen()).toBe(404);
    await ask('PUT', `${path}/settings`, { body: { visibility: 'public' } });
    expect(await statusForBen()).toBe(200);
  });

  it('is needed to restart or pause: a static Space gets 400, someone else’s 403', async () => {
    const statuses = await Promise.all(
      ['restart', 'pause'].map(async (action) => [
        (await ask('POST', `/api/spaces/ana/static-site/${action}`)).status,
        (await ask('POST', `/api/spaces/ana/book-api/${action}`, { token: hub.tokens.free })).status,
      ]),
    );
    expect(statuses).toEqual([
      [400, 403],
      [400, 403],
    ]);
  });
});

it('accepts a token that waits for an organisation’s approval, and refuses its writes there', async () => {
  const token = hub.tokens.orgPending;
  const me = await ask('GET', '/api/whoami-v2', { token });
  expect(JSON.stringify(me.body['auth'])).toContain('repo.write');
  const body = { type: 'space', sdk: 'docker', name: 'early', organization: 'textbook-lab' };
  expect((await ask('POST', '/api/repos/create', { body, token })).status).toBe(403);
});

it('refuses the call after the quota: 1,000 in five minutes for a free account', () => {
  const limit = new HubRateLimit({ accounts: [], tokens: [] }, rateLimitWindowMs);
  for (let calls = 1; calls <= 1_000; calls += 1) limit.take({});
  expect(() => limit.take({})).toThrow(expect.objectContaining({ status: 429 }) as Error);
});
