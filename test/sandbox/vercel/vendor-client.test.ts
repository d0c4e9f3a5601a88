import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createDeployment } from '@vercel/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { siteSource } from '../../../sandbox/frontend/site-source.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';
import { startVercel, type VercelStandIn } from '../../../sandbox/vercel/vercel.ts';

const record = new ExchangeRecord();
let vercel: VercelStandIn;
beforeAll(async () => {
  vercel = await startVercel({ faults: new Faults(), record });
});
afterAll(() => vercel.close());

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json }> {
  const response = await fetch(vercel.url + path, {
    method,
    headers: { authorization: `Bearer ${vercel.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Json };
}

async function untilAliased(id: string, scope = ''): Promise<string[]> {
  const states: string[] = [];
  for (;;) {
    const { json } = await call('GET', `/v13/deployments/${id}${scope}`);
    const state = `${json['readyState']}${json['aliasAssigned'] ? '+alias' : ''}`;
    if (states.at(-1) !== state) states.push(state);
    if (json['aliasAssigned'] || ['ERROR', 'CANCELED', 'BLOCKED'].includes(json['readyState'])) return states;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function bundleOf(origin: string): Promise<string> {
  const page = await (await fetch(origin)).text();
  const script = /src="(\/assets\/js\/main\.[0-9a-f]+\.js)"/.exec(page)?.[1] ?? 'missing';
  return (await fetch(origin + script)).text();
}

const space = 'https://ana-sample-book.example.com';

async function redeploy(project: string, scope = ''): Promise<string[]> {
  const variable = { key: 'REACT_APP_API_BASE_URL', value: space, type: 'plain', target: ['production'] };
  await call('POST', `/v10/projects/${project}/env?upsert=true${scope.replace('?', '&')}`, variable);
  const { json: found } = await call('GET', `/v9/projects/${project}${scope}`);
  const { json: list } = await call(
    'GET',
    `/v6/deployments?projectId=${found['id']}&target=production&state=READY&limit=1${scope.replace('?', '&')}`,
  );
  const { json } = await call('POST', `/v13/deployments?forceNew=1${scope.replace('?', '&')}`, {
    deploymentId: list['deployments'][0].uid,
    meta: { action: 'redeploy' },
    name: project,
    target: 'production',
  });
  return untilAliased(json['id'], scope);
}

describe('a redeployment on the Vercel stand-in', () => {
  it('takes the variable of the moment into the bundle, on the same origin', async () => {
    const { json } = await call('GET', '/v9/projects/sample-book/domains?production=true&verified=true');
    const origin = `http://${json['domains'][0].name}`;
    expect(await bundleOf(origin)).not.toContain(space);
    const states = await redeploy('sample-book');
    expect(states.at(-1)).toBe('READY+alias');
    expect(states).toContain('BUILDING');
    expect(await bundleOf(origin)).toContain(`const apiBase = "${space}"`);
  });

  it('leaves the name in the bundle where the source does not inline it', async () => {
    const scope = '?teamId=textbook-lab';
    await redeploy('plain-book', scope);
    const { json } = await call('GET', `/v9/projects/plain-book/domains${scope}`);
    const bundle = await bundleOf(`http://${json['domains'][0].name}`);
    expect(bundle).toContain('process.env.REACT_APP_API_BASE_URL');
    expect(bundle).not.toContain(space);
  });

  it('refuses an unknown token with 403, not 401', async () => {
    const response = await fetch(`${vercel.url}/v2/user`, { headers: { authorization: 'Bearer nonsense' } });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({
      error: { code: 'forbidden', message: 'Not authorized', invalidToken: true },
    });
  });
});

describe("Vercel's own client against the stand-in", () => {
  async function deployed(name: string, files: Iterable<[string, string]>): Promise<string[]> {
    const path = await mkdtemp(join(tmpdir(), 'site-'));
    for (const [file, text] of files) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
    }
    const events: string[] = [];
    const options = { token: vercel.token, apiUrl: vercel.url, path, skipAutoDetectionConfirmation: true };
    for await (const event of createDeployment(options, { name, target: 'production' }))
      events.push(event.type);
    await rm(path, { recursive: true });
    return events;
  }
  const originOf = async (name: string): Promise<string> =>
    `http://${(await call('GET', `/v9/projects/${name}/domains`)).json['domains'][0].name}`;

  it('sends a static folder inline and follows it to its alias', async () => {
    const events = await deployed('static', [['index.html', '<!doctype html><title>Mine</title>']]);
    expect(events).toEqual(expect.arrayContaining(['created', 'ready', 'alias-assigned']));
    expect(await (await fetch(await originOf('static'))).text()).toContain('<title>Mine</title>');
  });

  it('uploads the files that are missing, and a Docusaurus tree is built from them', async () => {
    const events = await deployed('fresh', siteSource({ title: 'Fresh', inlines: true }));
    expect(events).toEqual(expect.arrayContaining(['file-uploaded', 'created', 'ready', 'alias-assigned']));
    expect(await bundleOf(await originOf('fresh'))).toContain('const apiBase = ""');
  });
});

it('lists and gives back the files of a deployment, and serves it no more once it is deleted', async () => {
  const { json } = await call('POST', '/v13/deployments', {
    name: 'listed',
    target: 'production',
    files: [
      { file: 'index.html', data: '<title>Listed</title>' },
      { file: 'a/b.txt', data: 'deep' },
    ],
  });
  const id = json['id'] as string;
  await expect
    .poll(async () => (await call('GET', `/v13/deployments/${id}`)).json['readyState'])
    .toBe('READY');
  const tree = (await call('GET', `/v6/deployments/${id}/files`)).json as unknown as Json[];
  expect(tree).toMatchObject([{ name: 'index.html' }, { name: 'a', children: [{ name: 'b.txt' }] }]);
  const { json: file } = await call('GET', `/v8/deployments/${id}/files/${tree[1]?.['children'][0].uid}`);
  expect(Buffer.from(file['data'] as string, 'base64').toString()).toBe('deep');
  const shown = async (): Promise<number> => (await fetch(`http://${json['url']}/`)).status;
  expect(await shown()).toBe(200);
  expect((await call('DELETE', `/v13/deployments/${id}`)).json).toEqual({ uid: id, state: 'DELETED' });
  expect(await shown()).toBe(404);
});

describe("the vendor's own document", () => {
  it.for(['vercel-openapi.subset.json'])('describes every exchange of this file: %s', (file, { skip }) => {
    const contract = readContract(file) ?? skip('../shared/contracts is not here');
    const judged = record.list().map((exchange) => problemsOf(contract, exchange));
    expect(judged.filter((problems) => problems !== null).length).toBeGreaterThan(3);
    expect(judged.flatMap((problems) => problems ?? [])).toEqual([]);
  });
});
