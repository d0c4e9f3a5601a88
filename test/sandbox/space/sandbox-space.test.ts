import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HubServer } from '../../../sandbox/hub/hub.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';

const README = '---\nsdk: docker\napp_port: 7860\n---\n';
const DOCKERFILE =
  'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nENV FROM_IMAGE=yes\nUSER 1000\nCMD ["node", "server.js"]\n';
const SERVER = `
const http = require('node:http');
http.createServer((request, response) => {
  if (request.url === '/exit') process.exit(3);
  if (request.url === '/stream') {
    let n = 0;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write('data: ' + n++ + '\\n\\n'), 5);
    response.on('close', () => { clearInterval(timer); console.log('left after', n); });
    return;
  }
  response.end(JSON.stringify({ env: process.env, uid: process.getuid(), cwd: process.cwd(), headers: request.headers }));
}).listen(process.env.PORT, process.env.HOST, () => console.log('listening'));
`;

const quick = { buildMs: 30, settleMs: 30, build: 'ok' } as const;
let testHub: TestHub;
let hub: HubServer;
let created = 0;

beforeAll(async () => {
  testHub = await startTestHub({ behaviour: quick, keepAliveMs: 50 });
  hub = testHub.hub;
});
afterEach(() => void Object.assign(testHub.behaviour, quick));
afterAll(() => testHub.close());

async function call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await testHub.request(method, path, { body });
  expect(response.status, JSON.stringify(response.body)).toBe(200);
  return response.body as T;
}

async function commit(id: string, files: Record<string, string>): Promise<void> {
  const changes = Object.entries(files).map(([path, content]) => ({
    key: 'file',
    value: { path, content, encoding: 'utf-8' },
  }));
  const lines = [{ key: 'header', value: { summary: 'Upload' } }, ...changes];
  await call('POST', `/api/spaces/${id}/commit/main`, lines.map((line) => JSON.stringify(line)).join('\n'));
}

/** Creates a Space for one test; `more` may contain its settings. */
async function create(more: Record<string, unknown> = {}): Promise<string> {
  created += 1;
  const name = `space-${created}`;
  await call('POST', '/api/repos/create', {
    type: 'space',
    name,
    organization: 'ana',
    sdk: 'docker',
    ...more,
  });
  return `ana/${name}`;
}

type Runtime = { stage: string; errorMessage?: string };

async function until(id: string, stage: string): Promise<Runtime> {
  const seen = new Set<string>();
  for (let left = 500; left > 0; left -= 1) {
    const runtime = await call<Runtime>('GET', `/api/spaces/${id}/runtime`);
    if (runtime.stage === stage) return runtime;
    seen.add(`${runtime.stage} ${runtime.errorMessage ?? ''}`);
    await sleep(10);
  }
  throw new Error(`${id} never became ${stage}: ${[...seen].join(', ')}`);
}

const hostOf = async (id: string): Promise<string> =>
  (await call<{ host: string }>('GET', `/api/spaces/${id}`)).host;
const allFiles = { 'README.md': README, Dockerfile: DOCKERFILE, 'server.js': SERVER };

type Echo = { env: Record<string, string>; uid: number; cwd: string; headers: Record<string, string> };
const visit = async (id: string): Promise<Echo> => (await (await fetch(await hostOf(id))).json()) as Echo;

describe('a deployed Space', () => {
  it('runs from the committed files, with only its settings and the image’s variables in its environment', async () => {
    const id = await create({
      secrets: [{ key: 'KEY', value: 's3cret' }],
      variables: [{ key: 'LEVEL', value: 'info' }],
    });
    expect((await call<Runtime>('GET', `/api/spaces/${id}/runtime`)).stage).toBe('NO_APP_FILE');
    testHub.behaviour.buildMs = 500;
    await commit(id, allFiles);
    expect((await call<Runtime>('GET', `/api/spaces/${id}/runtime`)).stage).toBe('BUILDING');
    await until(id, 'RUNNING');
    const { env, uid, cwd, headers } = await visit(id);
    expect(Object.keys(env).sort()).toEqual([
      'FROM_IMAGE',
      'HOST',
      'KEY',
      'LEVEL',
      'PATH',
      'PORT',
      'SPACE_ID',
    ]);
    expect(env).toMatchObject({ KEY: 's3cret', SPACE_ID: id, LEVEL: 'info', HOST: '127.0.0.1' });
    expect(uid).toBe(process.getuid?.() === 0 ? 65534 : process.getuid?.());
    expect(cwd).toMatch(/\/app$/);
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
  });

  it('restarts once for a burst of changed settings, and then uses them', async () => {
    const id = await create();
    await commit(id, allFiles);
    await until(id, 'RUNNING');
    // Long enough that the old process still answers the next request.
    testHub.behaviour.settleMs = 1_000;
    await call('POST', `/api/spaces/${id}/secrets`, { key: 'KEY', value: 'new' });
    await call('POST', `/api/spaces/${id}/variables`, { key: 'LEVEL', value: 'debug' });
    expect((await call<Runtime>('GET', `/api/spaces/${id}/runtime`)).stage).toBe('RUNNING_APP_STARTING');
    expect((await visit(id)).env['KEY']).toBeUndefined();
    await until(id, 'RUNNING');
    expect((await visit(id)).env).toMatchObject({ KEY: 'new', LEVEL: 'debug' });
  });

  it('serves the old version while the new one is built', async () => {
    const id = await create();
    await commit(id, allFiles);
    await until(id, 'RUNNING');
    testHub.behaviour.build = 'stuck';
    await commit(id, { 'new.txt': 'x' });
    await until(id, 'RUNNING_BUILDING');
    expect((await visit(id)).env['FROM_IMAGE']).toBe('yes');
  });

  it('leaves no process and no folder when it is deleted', async () => {
    const id = await create();
    await commit(id, allFiles);
    await until(id, 'RUNNING');
    const running = hub.repositories.get(id)?.space.running;
    const [organization, name] = id.split('/');
    const response = await fetch(`${hub.url}/api/repos/delete`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${hub.tokens.pro}` },
      body: JSON.stringify({ organization, name, type: 'space' }),
    });
    expect(await response.text()).toBe('OK');
    expect(existsSync(running?.root ?? '')).toBe(false);
    expect(() => process.kill(running?.pid ?? 0, 0)).toThrow();
  });
});

it('reserves the name of a Space until its deletion is complete', async () => {
  const id = await create();
  // Ends slowly, so that the name is requested again before that.
  await commit(id, {
    ...allFiles,
    'server.js': `${SERVER}\nprocess.on('SIGTERM', () => setTimeout(() => process.exit(0), 1500));`,
  });
  await until(id, 'RUNNING');
  const [organization, name] = id.split('/');
  const ask = (method: string, path: string) =>
    fetch(`${hub.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${hub.tokens.pro}` },
      body: JSON.stringify({ organization, name, type: 'space', sdk: 'docker' }),
    });
  const deleting = ask('DELETE', '/api/repos/delete');
  while (hub.repositories.has(id)) await sleep(5);
  const second = await ask('POST', '/api/repos/create');
  expect([second.status, await second.json()]).toEqual([
    409,
    { error: 'Cannot create repo: another conflicting operation is in progress' },
  ]);
  expect((await deleting).status).toBe(200);
  expect((await ask('POST', '/api/repos/create')).status).toBe(200);
});

describe('a failing Space reports', () => {
  it.each([
    [
      'a COPY of a missing file',
      { Dockerfile: 'FROM node:24-slim\nCOPY missing.js /app/\nCMD ["node"]' },
      'BUILD_ERROR',
      /Dockerfile:2: .*"\/missing\.js": not found/,
    ],
    [
      'a second user of UID 1000',
      { Dockerfile: 'FROM node:24-slim\nRUN useradd -m -u 1000 user\nCMD ["node"]' },
      'BUILD_ERROR',
      /UID 1000 is not unique/,
    ],
    [
      'an image without a command',
      { Dockerfile: 'FROM node:24-slim\nWORKDIR /app' },
      'BUILD_ERROR',
      /no CMD/,
    ],
    [
      'an unknown instruction',
      { Dockerfile: 'FROM node:24-slim\nCPY a b' },
      'BUILD_ERROR',
      /line 2: unknown instruction: CPY/,
    ],
    ['a README without front matter', { 'README.md': '# Hello' }, 'CONFIG_ERROR', /Missing configuration/],
    [
      'a command that exits',
      { 'server.js': 'console.log("cannot go on"); process.exit(7)' },
      'RUNTIME_ERROR',
      /^Exit code: 7\. Reason: [\s\S]*cannot go on/,
    ],
    [
      'a missing command',
      { Dockerfile: 'FROM node:24-slim\nCMD ["uvicorn"]' },
      'RUNTIME_ERROR',
      /^Exit code: 127[\s\S]*not found in \$PATH/,
    ],
    [
      'a port other than app_port',
      {
        'README.md': README.replace('7860', '8000').replace(
          '\n---\n',
          '\nstartup_duration_timeout: 1s\n---\n',
        ),
        Dockerfile: `${DOCKERFILE}EXPOSE 7860\n`,
      },
      'RUNTIME_ERROR',
      /Launch timed out/,
    ],
  ])('%s', async (_title, files, stage, message) => {
    const id = await create();
    await commit(id, { ...allFiles, ...files });
    expect((await until(id, stage)).errorMessage).toMatch(message);
    expect((await fetch(await hostOf(id))).status).toBe(503);
  });

  it('a name used for a secret and a variable', async () => {
    const id = await create({
      secrets: [{ key: 'KEY', value: '1' }],
      variables: [{ key: 'KEY', value: '2' }],
    });
    await commit(id, allFiles);
    expect((await until(id, 'CONFIG_ERROR')).errorMessage).toBe('Collision on variables and secrets names');
    await call('DELETE', `/api/spaces/${id}/variables`, { key: 'KEY' });
    await until(id, 'RUNNING');
  });

  it('a process that ends later', async () => {
    const id = await create();
    await commit(id, allFiles);
    await until(id, 'RUNNING');
    await fetch(`${await hostOf(id)}/exit`).catch(() => undefined);
    expect((await until(id, 'RUNTIME_ERROR')).errorMessage).toMatch(/^Exit code: 3/);
  });
});

it('answers 503 while asleep and wakes up; a paused Space stays paused', async () => {
  const id = await create();
  await commit(id, allFiles);
  await until(id, 'RUNNING');
  hub.repositories.get(id)?.space.sleep();
  await until(id, 'SLEEPING');
  expect((await fetch(await hostOf(id))).status).toBe(503);
  await until(id, 'RUNNING');
  await call('POST', `/api/spaces/${id}/pause`);
  expect((await fetch(await hostOf(id))).status).toBe(503);
  expect((await call<Runtime>('GET', `/api/spaces/${id}/runtime`)).stage).toBe('PAUSED');
  expect((await call<Runtime>('POST', `/api/spaces/${id}/restart`)).stage).toBe('BUILDING');
  await until(id, 'RUNNING');
});

it('shows a private Space only to its owner', async () => {
  const id = await create({ visibility: 'private' });
  await commit(id, allFiles);
  await until(id, 'RUNNING');
  const host = await hostOf(id);
  expect((await fetch(host)).status).toBe(404);
  expect((await fetch(host, { headers: { authorization: `Bearer ${hub.tokens.free}` } })).status).toBe(404);
  expect((await fetch(host, { headers: { authorization: `Bearer ${hub.tokens.pro}` } })).status).toBe(200);
});

it('streams through the gateway, and closes the upstream connection when the visitor disconnects', async () => {
  const id = await create();
  await commit(id, allFiles);
  await until(id, 'RUNNING');
  const host = await hostOf(id);
  await new Promise<void>((resolve, reject) => {
    const visitor = request(`${host}/stream`, (response) => {
      response.once('data', (first: Buffer) => {
        expect(first.toString()).toMatch(/^data: 0/);
        visitor.destroy();
        resolve();
      });
    });
    visitor.on('error', reject).end();
  });
  const log = await follow(id, 'run', (text) => text.includes('left after'));
  expect(log).toMatch(/data: \{"data":"left after \d+\\n","timestamp":"/);
});

it('replays the log on each connection, sends keep-alives, and limits it by `tail`', async () => {
  const id = await create();
  await commit(id, allFiles);
  await until(id, 'RUNNING');
  const log = await follow(id, 'build', (text) => /\ndata:\n\n/.test(text));
  expect(log).toMatch(/Build Queued[\s\S]*--> COPY \. \.[\s\S]*Pushing image/);
  const tail = await follow(id, 'build?tail=1', (text) => text.includes('\n\n'));
  expect(tail).toMatch(/^data: .*Pushing image/);
});

async function follow(id: string, log: string, isComplete: (text: string) => boolean): Promise<string> {
  const response = await fetch(`${hub.url}/api/spaces/${id}/logs/${log}`, {
    headers: { authorization: `Bearer ${hub.tokens.pro}` },
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(piece).toString();
    if (isComplete(text)) break;
  }
  return text;
}
