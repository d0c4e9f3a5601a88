import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startNeon, type NeonStandIn } from '../../../sandbox/neon/neon.ts';
import { createHttp } from '../../../wizard/clients/http.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { createNeonAccount } from '../../../wizard/provisioning/neon/neon-client.ts';
import {
  provisionPostgres,
  type ProvisionTools,
} from '../../../wizard/provisioning/neon/provision-postgres.ts';

let neon: NeonStandIn;
let faults: Faults;
let stateDir: string;
let made: number;
let now: number;
beforeEach(async () => {
  [made, now] = [0, Date.now()];
  faults = new Faults();
  stateDir = mkdtempSync(join(tmpdir(), 'provisioning-'));
  neon = await startNeon({
    faults,
    record: new ExchangeRecord(),
    databases: {
      addDatabase: async () => `postgresql://owner:password-of-${(made += 1)}@host.example/neondb`,
      resetPassword: async (uri) => uri.replace('password-of', 'new-password-of'),
    },
    now: () => now,
  });
});
afterEach(async () => {
  await neon.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const tools = (changes: Partial<ProvisionTools> = {}): ProvisionTools => ({
  apiUrl: `${neon.url}/api/v2`,
  claimUrl: neon.url,
  http: createHttp({ fetch, sleep: async () => undefined }),
  signal: new AbortController().signal,
  stateDir,
  folder: '/home/ana/book',
  name: 'book-chat',
  key: new Secret(neon.apiKey),
  ...changes,
});
const claimable = { type: 'claimable' } as const;
const account = { type: 'account', project: null } as const;

describe('a database without an account', () => {
  it('is made once for a folder, and noted where only its owner reads', async () => {
    const first = await provisionPostgres(tools(), claimable);
    const again = await provisionPostgres(tools(), claimable);
    expect(again.url.reveal()).toBe(first.url.reveal());
    expect(made).toBe(1);
    expect(first.claim?.link.reveal()).toContain('/database/');
    expect(first.claim?.expiresAt.getTime()).toBeCloseTo(now + 72 * 3_600_000, -4);
    expect(statSync(join(stateDir, 'created.json')).mode & 0o777).toBe(0o600);
    // The connection string is nowhere: it is read again.
    expect(readFileSync(join(stateDir, 'created.json'), 'utf8')).not.toContain('password-of-1');
    await provisionPostgres(tools({ folder: '/home/ana/other' }), claimable);
    expect(made).toBe(2);
  });

  it('is made again once the first is gone, or was claimed and can be read no more', async () => {
    await provisionPostgres(tools(), claimable);
    now += 73 * 3_600_000;
    await provisionPostgres(tools(), claimable);
    expect(made).toBe(2);
    neon.controls['claimed']?.(true);
    await provisionPostgres(tools(), claimable);
    expect(made).toBe(3);
  });

  it('that is refused, or does not come, ends with what helps instead', async () => {
    faults.add({ call: 'neon.create-claimable', kind: { type: 'status', status: 429 }, times: 9 });
    await expect(provisionPostgres(tools(), claimable)).rejects.toMatchObject({
      remedy: expect.stringContaining('paste its connection string'),
    });
    expect(made).toBe(0);
  });
});

describe('a project in an account', () => {
  it('is made once, however often the run is repeated', async () => {
    faults.add({ call: 'neon.create-project', kind: { type: 'half' }, times: 1 });
    await provisionPostgres(tools(), account).catch(() => undefined);
    await provisionPostgres(tools(), account);
    await provisionPostgres(tools(), account);
    expect(neon.state()['projects']).toEqual([{ name: 'book-chat', region: 'aws-us-east-1' }]);
  });

  it('of that name that this tool did not make is left alone, and used when it is chosen', async () => {
    const first = await provisionPostgres(tools({ folder: '/elsewhere' }), account);
    await provisionPostgres(tools(), account);
    await provisionPostgres(tools(), account);
    expect(made).toBe(2);
    expect(neon.state()['projects']).toMatchObject([{ name: 'book-chat' }, { name: 'book-chat-2' }]);
    const id = /quiet-field-\w+/.exec(JSON.stringify(neon.ids()))?.[0] ?? '';
    const chosen = await provisionPostgres(tools(), { type: 'account', project: id });
    expect(chosen.url.reveal()).toBe(first.url.reveal());
    expect(made).toBe(2);
  });

  it('is found again among more projects than one page holds', async () => {
    const { url } = await provisionPostgres(tools(), account);
    for (const name of ['second', 'third', 'fourth', 'fifth']) await neon.addProject(name);
    neon.controls['pageSize']?.(2);
    const { projects } = await createNeonAccount(tools(), new Secret(neon.apiKey)).projects();
    expect(projects.map(({ name }) => name)).toEqual(['book-chat', 'second', 'third', 'fourth', 'fifth']);
    expect((await provisionPostgres(tools(), account)).url.reveal()).toBe(url.reveal());
    expect(neon.ids()).toHaveLength(5);
  });

  it('ends with Neon’s own words where its plan allows no more, or the key is wrong', async () => {
    neon.controls['mostProjects']?.(0);
    await expect(provisionPostgres(tools(), account)).rejects.toMatchObject({
      code: 'neon-refused',
      message: expect.stringContaining('projects limit exceeded'),
    });
    await expect(
      provisionPostgres(tools({ key: new Secret('napi_wrong_key_of_nobody') }), account),
    ).rejects.toMatchObject({ code: 'neon-refused', message: expect.stringContaining('401') });
  });
});

it.each([
  ['a newer version', '{"v":2,"databases":["a claim link"]}'],
  ['a cut write', '{"v":1,"databases":[{"type":"neon-claimable","claimUrl":"a claim link'],
])('a file of %s is no reason to fail, and is kept: it may hold a claim link', async (_of, text) => {
  rmSync(stateDir, { recursive: true, force: true });
  mkdirSync(stateDir);
  writeFileSync(join(stateDir, 'created.json'), text);
  expect((await provisionPostgres(tools(), claimable)).claim).not.toBeNull();
  const kept = readdirSync(stateDir).filter((name) => name.startsWith('created.json.'));
  expect(kept.map((name) => readFileSync(join(stateDir, name), 'utf8'))).toEqual([text]);
});
