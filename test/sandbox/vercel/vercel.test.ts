import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { startVercel, type VercelStandIn } from '../../../sandbox/vercel/vercel.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';

const contract = readContract('vercel-openapi.subset.json');
let record: ExchangeRecord;
let vercel: VercelStandIn;
beforeEach(async () => {
  record = new ExchangeRecord();
  vercel = await startVercel({ faults: new Faults(), record });
  turn('buildMs', 60);
});
afterEach(async () => {
  await vercel.close();
  if (contract !== null) expect(record.list().flatMap((one) => problemsOf(contract, one) ?? [])).toEqual([]);
});

const turn = (knob: string, value: unknown): void => {
  const set = vercel.controls[knob];
  if (set === undefined) throw new Error(`no knob ${knob}`);
  set(value);
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
const refused = async (...given: Parameters<typeof call>): Promise<Json> => {
  const { status, json } = await call(...given);
  return { status, ...json['error'] };
};
const team = '?teamId=textbook-lab';
const key = 'REACT_APP_API_BASE_URL';

async function redeploy(): Promise<Json> {
  const { json } = await call('GET', '/v6/deployments?app=sample-book&target=production&limit=1');
  const body = { deploymentId: json['deployments'][0].uid, name: 'sample-book', target: 'production' };
  return (await call('POST', '/v13/deployments?forceNew=1', body)).json;
}
const look = async (id: string): Promise<Json> => (await call('GET', `/v13/deployments/${id}`)).json;

describe('tokens and accounts', () => {
  it('says for a missing token that it is missing, and for an unknown one that it is invalid, both 403', async () => {
    const missing = await fetch(`${vercel.url}/v2/user`);
    expect(missing.status).toBe(403);
    expect(await missing.json()).toMatchObject({ error: { missingToken: true } });
    expect(await refused('GET', '/v2/user', undefined, 'wrong')).toMatchObject({
      status: 403,
      invalidToken: true,
    });
  });

  it('finds the same person behind a personal token, a limited one behind a team’s', async () => {
    turn('token', { value: 'team-token', scopes: ['textbook-lab'] });
    expect((await call('GET', '/v2/user')).json['user']).toMatchObject({
      username: 'ana',
      defaultTeamId: null,
    });
    expect((await call('GET', '/v2/user', undefined, 'team-token')).json['user'].limited).toBe(true);
    expect(await refused('GET', '/v10/projects', undefined, 'team-token')).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
    const { json } = await call('GET', `/v10/projects${team}`, undefined, 'team-token');
    expect(json['projects'].map((one: Json) => one['name'])).toEqual(['plain-book']);
    const scopes = (await call('GET', '/v5/user/tokens/current', undefined, 'team-token')).json['token']
      .scopes;
    expect(scopes).toMatchObject([{ type: 'team' }]);
  });

  it('shows a project’s token that project alone', async () => {
    turn('token', { value: 'narrow', scopes: ['user'], projects: [] });
    expect((await call('GET', '/v10/projects', undefined, 'narrow')).json['projects']).toEqual([]);
    expect(await refused('GET', '/v9/projects/sample-book', undefined, 'narrow')).toMatchObject({
      status: 404,
    });
  });

  it('lists a team that may not be entered, and says why on entering', async () => {
    turn('limited', { team: 'textbook-lab', by: ['mfa'] });
    expect((await call('GET', '/v2/teams')).json['teams']).toMatchObject([
      { limited: true, limitedBy: ['mfa'] },
    ]);
    expect(await refused('GET', `/v10/projects${team}`)).toMatchObject({
      status: 403,
      saml: true,
      scope: 'textbook-lab',
    });
  });

  it('leaves a new account’s personal list empty: its projects are its default team’s', async () => {
    turn('defaultTeam', 'textbook-lab');
    turn('move', { project: 'sample-book', to: 'textbook-lab' });
    const { defaultTeamId } = (await call('GET', '/v2/user')).json['user'];
    expect((await call('GET', '/v10/projects')).json['projects']).toEqual([]);
    expect((await call('GET', `/v10/projects?teamId=${defaultTeamId}`)).json['projects']).toHaveLength(2);
  });

  it('pages through projects by `from`, and searches by name', async () => {
    turn('move', { project: 'plain-book', to: 'user' });
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

  it('replaces with upsert only where the list of targets is the same; else ENV_CONFLICT', async () => {
    const { json } = await call('POST', path, plain);
    expect(json['failed']).toEqual([]);
    expect(await refused('POST', path, plain)).toMatchObject({ status: 403, code: 'ENV_ALREADY_EXISTS' });
    const again = await call('POST', `${path}?upsert=true`, { ...plain, value: 'https://b.example' });
    expect(again.json['created']).toMatchObject({ id: json['created'].id, value: 'https://b.example' });
    const wider = { ...plain, target: ['production', 'preview'] };
    expect(await refused('POST', `${path}?upsert=true`, wider)).toMatchObject({
      status: 400,
      code: 'ENV_CONFLICT',
    });
  });

  it('answers 201 for several even where some failed', async () => {
    await call('POST', path, plain);
    const { status, json } = await call('POST', path, [plain, { ...plain, target: ['preview'] }]);
    expect(status).toBe(201);
    expect(json['created']).toHaveLength(1);
    expect(json['failed']).toMatchObject([{ error: { code: 'ENV_ALREADY_EXISTS', envVarKey: key } }]);
  });

  it('never gives a sensitive value back, an encrypted one only on request', async () => {
    await call('POST', path, { ...plain, type: 'sensitive' });
    await call('POST', path, { ...plain, type: 'encrypted', target: ['preview'] });
    const values = async (query: string) =>
      (await call('GET', path + query)).json['envs'].map((one: Json) => one['value'] === plain.value);
    expect(await values('')).toEqual([false, false]);
    expect(await values('?decrypt=true')).toEqual([false, true]);
  });

  it('takes no sensitive value for development, and a team can force the type', async () => {
    const dev = { ...plain, type: 'sensitive', target: ['development'] };
    expect(await refused('POST', path, dev)).toMatchObject({ status: 400, code: 'bad_request' });
    turn('sensitivePolicy', { team: 'textbook-lab', policy: 'on' });
    const { json } = await call('POST', `/v10/projects/plain-book/env${team}`, {
      ...plain,
      type: 'encrypted',
    });
    expect(json['created'].type).toBe('sensitive');
  });

  it('edits and deletes by id, and refuses properties it does not know', async () => {
    const { id } = (await call('POST', path, plain)).json['created'];
    const edit = `/v9/projects/sample-book/env/${id}`;
    expect((await call('PATCH', edit, { value: 'https://c.example' })).json['value']).toBe(
      'https://c.example',
    );
    expect(await refused('PATCH', edit, { mood: 'good' })).toMatchObject({
      status: 400,
      code: 'bad_request',
    });
    expect((await call('DELETE', edit)).status).toBe(200);
    expect((await call('GET', path)).json['envs']).toEqual([]);
    expect(await refused('DELETE', edit)).toMatchObject({ status: 404 });
  });

  it('may ask some sessions to prove who they are before it lists', async () => {
    turn('envChallenge', 'challenge_required');
    expect(await refused('GET', path)).toMatchObject({ status: 403, code: 'challenge_required' });
  });
});

describe('deployments', () => {
  it('wants a name for a redeployment, and a deployment that exists', async () => {
    const body = { deploymentId: 'dpl_gone', target: 'production' };
    expect(await refused('POST', '/v13/deployments', body)).toMatchObject({ status: 400 });
    expect(await refused('POST', '/v13/deployments', { ...body, name: 'sample-book' })).toMatchObject({
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
    turn('outcomes', [outcome]);
    const { id } = await redeploy();
    await expect.poll(() => look(id)).toMatchObject(shown);
    const events = (await call('GET', `/v3/deployments/${id}/events?limit=-1`)).json as unknown as Json[];
    if (outcome === 'ERROR') await expect.poll(async () => JSON.stringify(events)).toContain('exited with 1');
  });

  it('is READY before its alias is assigned, and the site changes with the alias', async () => {
    turn('buildMs', 0);
    const { id, url } = await redeploy();
    expect(await look(url)).toMatchObject({
      id,
      readyState: 'READY',
      aliasAssigned: true,
      alias: [expect.stringMatching(/^127\.0\.0\.1:/)],
    });
    const listed = (await call('GET', '/v7/deployments?app=sample-book&state=READY&limit=1')).json;
    expect(listed['deployments'][0]).toMatchObject({ uid: id, state: 'READY' });
    expect(listed['pagination'].next).toEqual(expect.any(Number));
  });

  it('can be canceled while it is built, not after', async () => {
    turn('buildMs', 60_000);
    const { id } = await redeploy();
    expect((await call('PATCH', `/v12/deployments/${id}/cancel`)).json['readyState']).toBe('CANCELED');
    expect(await refused('PATCH', `/v12/deployments/${id}/cancel`)).toMatchObject({ status: 400 });
  });

  it('has nothing to redeploy where nothing was deployed', async () => {
    turn('neverDeployed', 'sample-book');
    const { json } = await call('GET', '/v6/deployments?app=sample-book&target=production');
    expect(json['deployments']).toEqual([]);
  });

  it.for([
    ['payload', (event: Json) => event['payload'].text],
    ['flat', (event: Json) => event['text']],
  ] as const)('follows the build line by line, events of the shape %s', async ([shape, textOf]) => {
    turn('eventShape', shape);
    turn('buildMs', 600);
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
    // The document of 2025-10 knows only the one shape in this stream; the vendor's CLI reads both.
    if (shape === 'flat') record.clear();
  });

  it('asks for a login on the sites that are protected', async () => {
    turn('buildMs', 0);
    const { url, alias } = await redeploy();
    const statusOf = async (host: string) => (await fetch(`http://${host}/`)).status;
    expect([await statusOf(url), await statusOf(alias[0])]).toEqual([200, 200]);
    turn('protection', { project: 'sample-book', sites: 'standard' });
    expect([await statusOf(url), await statusOf(alias[0])]).toEqual([401, 200]);
    turn('protection', { project: 'sample-book', sites: 'all' });
    expect(await statusOf(alias[0])).toBe(401);
    expect((await call('GET', '/v9/projects/sample-book')).json['ssoProtection']).toEqual({
      deploymentType: 'all',
    });
  });

  it('counts what it changed as writes, and nothing else', async () => {
    await redeploy();
    await call('GET', '/v2/teams');
    expect(record.writes()).toMatchObject({ total: 1, byName: { 'vercel.create-deployment': 1 } });
  });
});
