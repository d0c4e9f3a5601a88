import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createDeployment } from '@vercel/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { siteSource } from '../../../sandbox/frontend/site-source.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { startVercel, type VercelStandIn } from '../../../sandbox/vercel/vercel.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';

const contract = readContract('vercel-openapi.subset.json');
let record: ExchangeRecord;
let vercel: VercelStandIn;
beforeEach(async () => {
  record = new ExchangeRecord();
  vercel = await startVercel({ faults: new Faults(), record });
  set('buildMs', 60);
});
afterEach(async () => {
  await vercel.close();
  if (contract !== null)
    expect(record.list().flatMap((exchange) => problemsOf(contract, exchange) ?? [])).toEqual([]);
});

const set = (control: string, value: unknown): void => {
  const apply = vercel.controls[control];
  if (apply === undefined) throw new Error(`no control ${control}`);
  apply(value);
};

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any

async function call(
  method: string,
  path: string,
  body?: unknown,
  token = vercel.token,
): Promise<{ status: number; json: Json }> {
  const response = await fetch(vercel.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Json };
}
const errorOf = async (...request: Parameters<typeof call>): Promise<Json> => {
  const { status, json } = await call(...request);
  return { status, ...json['error'] };
};
const team = '?teamId=textbook-lab';
const key = 'REACT_APP_API_BASE_URL';

async function redeploy(): Promise<Json> {
  const { json } = await call('GET', '/v6/deployments?app=sample-book&target=production&limit=1');
  const body = { deploymentId: json['deployments'][0].uid, name: 'sample-book', target: 'production' };
  return (await call('POST', '/v13/deployments?forceNew=1', body)).json;
}
const deploymentOf = async (id: string): Promise<Json> => (await call('GET', `/v13/deployments/${id}`)).json;

describe('tokens and accounts', () => {
  it('rejects a missing token as missing and an unknown one as invalid, both with 403', async () => {
    const missing = await fetch(`${vercel.url}/v2/user`);
    expect(missing.status).toBe(403);
    expect(await missing.json()).toMatchObject({ error: { missingToken: true } });
    expect(await call('GET', '/v2/user', undefined, 'wrong')).toEqual({
      status: 403,
      json: { error: { code: 'forbidden', message: 'Not authorized', invalidToken: true } },
    });
  });

  it('returns the full user for a personal token and a limited one for a team token', async () => {
    set('token', { value: 'team-token', scopes: ['textbook-lab'] });
    expect((await call('GET', '/v2/user')).json['user']).toMatchObject({
      username: 'ana',
      defaultTeamId: null,
    });
    expect((await call('GET', '/v2/user', undefined, 'team-token')).json['user'].limited).toBe(true);
    expect(await errorOf('GET', '/v10/projects', undefined, 'team-token')).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    const { json } = await call('GET', `/v10/projects${team}`, undefined, 'team-token');
    expect(json['projects'].map((project: Json) => project['name'])).toEqual(['plain-book']);
    const scopes = (await call('GET', '/v5/user/tokens/current', undefined, 'team-token')).json['token']
      .scopes;
    expect(scopes).toMatchObject([{ type: 'team' }]);
  });

  it('shows a project-scoped token that project only', async () => {
    set('token', { value: 'narrow', scopes: ['user'], projects: [] });
    expect((await call('GET', '/v10/projects', undefined, 'narrow')).json['projects']).toEqual([]);
    expect(await errorOf('GET', '/v9/projects/sample-book', undefined, 'narrow')).toMatchObject({
      status: 404,
    });
  });

  it('lists a team that needs SAML or MFA, and gives the reason when its resources are requested', async () => {
    set('limited', { team: 'textbook-lab', by: ['mfa'] });
    expect((await call('GET', '/v2/teams')).json['teams']).toMatchObject([
      { limited: true, limitedBy: ['mfa'] },
    ]);
    expect(await errorOf('GET', `/v10/projects${team}`)).toMatchObject({
      status: 403,
      saml: true,
      scope: 'textbook-lab',
    });
  });

  it('returns no personal projects for an account with a default team: they belong to the team', async () => {
    set('defaultTeam', 'textbook-lab');
    set('move', { project: 'sample-book', to: 'textbook-lab' });
    const { defaultTeamId } = (await call('GET', '/v2/user')).json['user'];
    expect((await call('GET', '/v10/projects')).json['projects']).toEqual([]);
    expect((await call('GET', `/v10/projects?teamId=${defaultTeamId}`)).json['projects']).toHaveLength(2);
  });

  it('pages projects by `from`, and searches by name', async () => {
    set('move', { project: 'plain-book', to: 'user' });
    const first = (await call('GET', '/v10/projects?limit=1')).json;
    expect(first['pagination'].next).toEqual(expect.any(Number));
    const second = (await call('GET', `/v10/projects?limit=1&from=${first['pagination'].next}`)).json;
    expect(second['pagination'].next).toBeNull();
    expect([first, second].map((page) => page['projects'][0].name)).toEqual(['plain-book', 'sample-book']);
    expect((await call('GET', '/v10/projects?search=plain')).json['projects']).toHaveLength(1);
  });
});

describe('environment variables', () => {
  const path = '/v10/projects/sample-book/env';
  const plain = { key, value: 'https://a.example', type: 'plain', target: ['production'] };

  it('are replaced by upsert only when the targets are the same; else ENV_CONFLICT', async () => {
    const { json } = await call('POST', path, plain);
    expect(json['failed']).toEqual([]);
    expect(await errorOf('POST', path, plain)).toMatchObject({ status: 403, code: 'ENV_ALREADY_EXISTS' });
    const again = await call('POST', `${path}?upsert=true`, { ...plain, value: 'https://b.example' });
    expect(again.json['created']).toMatchObject({ id: json['created'].id, value: 'https://b.example' });
    const wider = { ...plain, target: ['production', 'preview'] };
    expect(await errorOf('POST', `${path}?upsert=true`, wider)).toMatchObject({
      status: 400,
      code: 'ENV_CONFLICT',
    });
  });

  it('answer 201 for a batch even when some entries failed', async () => {
    await call('POST', path, plain);
    const { status, json } = await call('POST', path, [plain, { ...plain, target: ['preview'] }]);
    expect(status).toBe(201);
    expect(json['created']).toHaveLength(1);
    expect(json['failed']).toMatchObject([{ error: { code: 'ENV_ALREADY_EXISTS', envVarKey: key } }]);
  });

  it('never return a sensitive value, and an encrypted one only with decrypt=true', async () => {
    await call('POST', path, { ...plain, type: 'sensitive' });
    await call('POST', path, { ...plain, type: 'encrypted', target: ['preview'] });
    const values = async (query: string) =>
      (await call('GET', path + query)).json['envs'].map(
        (variable: Json) => variable['value'] === plain.value,
      );
    expect(await values('')).toEqual([false, false]);
    expect(await values('?decrypt=true')).toEqual([false, true]);
  });

  it('refuse a sensitive value for development; a team policy can force the type', async () => {
    const dev = { ...plain, type: 'sensitive', target: ['development'] };
    expect(await errorOf('POST', path, dev)).toMatchObject({ status: 400, code: 'bad_request' });
    set('sensitivePolicy', { team: 'textbook-lab', policy: 'on' });
    const { json } = await call('POST', `/v10/projects/plain-book/env${team}`, {
      ...plain,
      type: 'encrypted',
    });
    expect(json['created'].type).toBe('sensitive');
  });

  it('are edited and deleted by id; unknown properties are refused', async () => {
    const { id } = (await call('POST', path, plain)).json['created'];
    const edit = `/v9/projects/sample-book/env/${id}`;
    expect((await call('PATCH', edit, { value: 'https://c.example' })).json['value']).toBe(
      'https://c.example',
    );
    expect(await errorOf('PATCH', edit, { mood: 'good' })).toMatchObject({
      status: 400,
      code: 'bad_request',
    });
    expect((await call('DELETE', edit)).status).toBe(200);
    expect((await call('GET', path)).json['envs']).toEqual([]);
    expect(await errorOf('DELETE', edit)).toMatchObject({ status: 404 });
  });

  it('may need a verified session before they are listed', async () => {
    set('envChallenge', 'challenge_required');
    expect(await errorOf('GET', path)).toMatchObject({ status: 403, code: 'challenge_required' });
  });
});

describe('deployments', () => {
  it('need a name and an existing deployment to be redeployed', async () => {
    const body = { deploymentId: 'dpl_gone', target: 'production' };
    expect(await errorOf('POST', '/v13/deployments', body)).toMatchObject({ status: 400 });
    expect(await errorOf('POST', '/v13/deployments', { ...body, name: 'sample-book' })).toMatchObject({
      status: 404,
    });
  });

  it.for([
    ['ERROR', { readyState: 'ERROR', errorCode: 'BUILD_FAILED' }],
    ['CANCELED', { readyState: 'CANCELED' }],
    ['BLOCKED', { readyState: 'BLOCKED', blockCode: 'TEAM_ACCESS_REQUIRED' }],
    ['READY-without-alias', { readyState: 'READY', aliasAssigned: false }],
    ['alias-error', { readyState: 'READY', aliasAssigned: false, aliasError: { code: 'alias_conflict' } }],
  ] as const)('can end as %s', async ([outcome, shown]) => {
    set('outcomes', [outcome]);
    const { id } = await redeploy();
    await expect.poll(() => deploymentOf(id)).toMatchObject(shown);
    const events = (await call('GET', `/v3/deployments/${id}/events?limit=-1`)).json as unknown as Json[];
    if (outcome === 'ERROR') await expect.poll(async () => JSON.stringify(events)).toContain('exited with 1');
  });

  it('are READY with an alias at once when a build takes no time, and are listed so', async () => {
    set('buildMs', 0);
    const { id, url } = await redeploy();
    expect(await deploymentOf(url)).toMatchObject({
      id,
      readyState: 'READY',
      aliasAssigned: true,
      alias: [expect.stringMatching(/^127\.0\.0\.1:/)],
    });
    const listed = (await call('GET', '/v7/deployments?app=sample-book&state=READY&limit=1')).json;
    expect(listed['deployments'][0]).toMatchObject({ uid: id, state: 'READY' });
    expect(listed['pagination'].next).toEqual(expect.any(Number));
  });

  it('can be cancelled while building, not afterwards', async () => {
    set('buildMs', 60_000);
    const { id } = await redeploy();
    expect((await call('PATCH', `/v12/deployments/${id}/cancel`)).json['readyState']).toBe('CANCELED');
    expect(await errorOf('PATCH', `/v12/deployments/${id}/cancel`)).toMatchObject({ status: 400 });
  });

  it('are an empty list for a project that was never deployed', async () => {
    set('neverDeployed', 'sample-book');
    const { json } = await call('GET', '/v6/deployments?app=sample-book&target=production');
    expect(json['deployments']).toEqual([]);
  });

  it.for([
    ['payload', (event: Json) => event['payload'].text],
    ['flat', (event: Json) => event['text']],
  ] as const)('stream the build log line by line, with events of the shape %s', async ([shape, textOf]) => {
    set('eventShape', shape);
    set('buildMs', 600);
    const { id } = await redeploy();
    const headers = { authorization: `Bearer ${vercel.token}` };
    const response = await fetch(`${vercel.url}/v3/deployments/${id}/events?follow=1&builds=1`, { headers });
    expect(response.headers.get('content-type')).toBe('application/stream+json');
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    const events = lines.filter((line) => 'created' in line);
    expect(events.length).toBeLessThan(lines.length);
    expect(events.map(textOf).join('\n')).toContain('npm run build');
    expect(events.at(-1)?.['type']).toBe('deployment-state');
    // The document of 2025-10 has only one of the shapes; the vendor's CLI reads both.
    if (shape === 'flat') record.clear();
  });

  it('require a login when the project is protected', async () => {
    set('buildMs', 0);
    const { url, alias } = await redeploy();
    const statusOf = async (host: string) => (await fetch(`http://${host}/`)).status;
    expect([await statusOf(url), await statusOf(alias[0])]).toEqual([200, 200]);
    set('protection', { project: 'sample-book', sites: 'standard' });
    expect([await statusOf(url), await statusOf(alias[0])]).toEqual([401, 200]);
    set('protection', { project: 'sample-book', sites: 'all' });
    expect(await statusOf(alias[0])).toBe(401);
    expect((await call('GET', '/v9/projects/sample-book')).json['ssoProtection']).toEqual({
      deploymentType: 'all',
    });
  });

  it('count only changes as writes', async () => {
    await redeploy();
    await call('GET', '/v2/teams');
    expect(record.writes()).toMatchObject({ total: 1, byName: { 'vercel.create-deployment': 1 } });
  });
});

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

async function setVariableAndRedeploy(project: string, scope = ''): Promise<string[]> {
  const variable = { key: 'REACT_APP_API_BASE_URL', value: space, type: 'plain', target: ['production'] };
  await call('POST', `/v10/projects/${project}/env?upsert=true${scope.replace('?', '&')}`, variable);
  const { json: details } = await call('GET', `/v9/projects/${project}${scope}`);
  const { json: list } = await call(
    'GET',
    `/v6/deployments?projectId=${details['id']}&target=production&state=READY&limit=1${scope.replace('?', '&')}`,
  );
  const { json } = await call('POST', `/v13/deployments?forceNew=1${scope.replace('?', '&')}`, {
    deploymentId: list['deployments'][0].uid,
    meta: { action: 'redeploy' },
    name: project,
    target: 'production',
  });
  return untilAliased(json['id'], scope);
}

describe('a redeployment', () => {
  it('builds the current variable into the bundle, on the same origin', async () => {
    set('buildMs', 400);
    const { json } = await call('GET', '/v9/projects/sample-book/domains?production=true&verified=true');
    const origin = `http://${json['domains'][0].name}`;
    expect(await bundleOf(origin)).not.toContain(space);
    const states = await setVariableAndRedeploy('sample-book');
    expect(states.at(-1)).toBe('READY+alias');
    expect(states).toContain('BUILDING');
    expect(await bundleOf(origin)).toContain(`const apiBase = "${space}"`);
  });

  it('leaves process.env in the bundle when the source does not inline it', async () => {
    const scope = '?teamId=textbook-lab';
    await setVariableAndRedeploy('plain-book', scope);
    const { json } = await call('GET', `/v9/projects/plain-book/domains${scope}`);
    const bundle = await bundleOf(`http://${json['domains'][0].name}`);
    expect(bundle).toContain('process.env.REACT_APP_API_BASE_URL');
    expect(bundle).not.toContain(space);
  });
});

describe("Vercel's own client against the stand-in", () => {
  async function deployWithClient(name: string, files: Iterable<[string, string]>): Promise<string[]> {
    const path = await mkdtemp(join(tmpdir(), 'site-'));
    for (const [file, text] of files) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      // An empty folder where the name ends with a slash.
      if (file.endsWith('/')) await mkdir(join(path, file));
      else await writeFile(join(path, file), text);
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

  it('deploys a static folder inline and follows it to its alias', async () => {
    const events = await deployWithClient('static', [
      ['index.html', '<!doctype html><title>Mine</title>'],
      ['empty/', ''],
    ]);
    expect(events).toEqual(expect.arrayContaining(['created', 'ready', 'alias-assigned']));
    expect(await (await fetch(await originOf('static'))).text()).toContain('<title>Mine</title>');
  });

  it('uploads the missing files, from which a Docusaurus site is built', async () => {
    const events = await deployWithClient('fresh', siteSource({ title: 'Fresh', inlines: true }));
    expect(events).toEqual(expect.arrayContaining(['file-uploaded', 'created', 'ready', 'alias-assigned']));
    expect(await bundleOf(await originOf('fresh'))).toContain('const apiBase = ""');
  });
});

it('lists and returns the files of a deployment, and stops serving it once it is deleted', async () => {
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
  const statusOf = async (): Promise<number> => (await fetch(`http://${json['url']}/`)).status;
  expect(await statusOf()).toBe(200);
  expect((await call('DELETE', `/v13/deployments/${id}`)).json).toEqual({ uid: id, state: 'DELETED' });
  expect(await statusOf()).toBe(404);
});
