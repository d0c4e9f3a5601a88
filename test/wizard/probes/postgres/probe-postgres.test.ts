import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../../server/adapters/postgres/migrate.ts';
import { startPostgres, type Postgres } from '../../../../sandbox/postgres/postgres.ts';
import type { Probe } from '../../../../wizard/model/credential.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { postgresOptions } from '../../../../wizard/probes/postgres/postgres-options.ts';
import { isPooled } from '../../../../wizard/probes/postgres/postgres-permissions.ts';
import { probePostgres } from '../../../../wizard/probes/postgres/probe-postgres.ts';

const { signal } = new AbortController();
const probe = (url: string) => probePostgres({ url: new Secret(url), signal });
const codeOf = (result: Probe<unknown>) =>
  result.verdict === 'accepted' ? 'accepted' : `${result.verdict} ${result.code}`;

describe('the check of a database', () => {
  let folder: string;
  let postgres: Postgres;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rag-probe-test-'));
    chmodSync(folder, 0o755);
    postgres = await startPostgres({ folder, password: 'p@ss/w:rd %?#' });
  });
  afterAll(async () => {
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const url = (change: (url: URL) => void): string => {
    const next = new URL(postgres.url);
    change(next);
    return next.href;
  };

  it('accepts an owner, under any prefix, and leaves nothing behind', async () => {
    const result = await probe(postgres.url.replace('postgresql:', 'postgresql+asyncpg:'));
    expect(result).toMatchObject({ verdict: 'accepted', message: expect.stringMatching(/^PostgreSQL \d+/) });
    if (result.verdict === 'accepted') expect(result.credential.url.reveal()).toMatch(/^postgresql:/);
  });

  it('reports the connection, the contents, and permissions beyond its own tables', async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    expect(await probe(postgres.url)).toMatchObject({
      message: expect.stringMatching(/, direct, no TLS; empty$/),
      rights: { has: [expect.stringMatching(/^the user \w+, CREATE on the schema public$/)] },
    });
    await client.query(
      `CREATE ROLE maker LOGIN PASSWORD 'maker' CREATEDB; GRANT CREATE ON SCHEMA public TO maker`,
    );
    await client.query('CREATE TABLE notes (id int)');
    const maker = url((target) => ((target.username = 'maker'), (target.password = 'maker')));
    expect(await probe(maker)).toMatchObject({
      message: expect.stringContaining('1 other table, which stay'),
      rights: { excess: ['creating databases'] },
    });
    await migrate(client);
    expect(await probe(maker)).toMatchObject({
      message: expect.stringContaining('holds conversations, which stay'),
    });
    await client.query(
      'DROP TABLE notes, messages, conversations, rag_keys, rag_migrations CASCADE; REVOKE CREATE ON SCHEMA public FROM maker; DROP ROLE maker',
    );
    await client.end();
  });

  it('distinguishes a wrong password, a missing database and a missing permission', async () => {
    const wrong = await probe(url((target) => (target.password = 'wrong-canary')));
    expect(codeOf(wrong)).toBe('rejected wrong-password');
    expect(JSON.stringify(wrong)).not.toContain('canary');
    expect(codeOf(await probe(url((target) => (target.pathname = '/nowhere'))))).toBe(
      'rejected no-such-database',
    );
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(
      `CREATE ROLE guest LOGIN PASSWORD 'guest'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
    );
    await client.end();
    const guest = await probe(url((target) => ((target.username = 'guest'), (target.password = 'guest'))));
    expect(codeOf(guest)).toBe('rejected no-create-right');
  });

  it('does not blame the password when there is no answer, or no TLS', async () => {
    expect(codeOf(await probe(url((target) => (target.port = '9'))))).toBe('unreachable no-connection');
    const tls = await probe(url((target) => target.searchParams.set('sslmode', 'require')));
    expect(codeOf(tls)).toBe('rejected no-tls');
  });

  it('stops when the run is cancelled', async () => {
    const cancelled = AbortSignal.abort(new Error('cancelled'));
    const run = probePostgres({ url: new Secret(postgres.url), signal: cancelled });
    await expect(run).rejects.toThrow('cancelled');
  });
});

describe('a connection string', () => {
  const neon = 'postgresql://me:pw%40x@ep-a-pooler.c-2.eu.aws.neon.tech/db';

  it('is tested with its certificate verified, and encrypted where it does not say', () => {
    const plain = postgresOptions(neon);
    expect(plain).toMatchObject({
      config: { password: 'pw@x', port: 5432, ssl: { rejectUnauthorized: true } },
      url: `${neon}?sslmode=require`,
      warnings: [expect.stringContaining('sslmode=require')],
    });
    expect(postgresOptions(`${neon}?sslmode=require&channel_binding=require`)).toMatchObject({
      warnings: [],
    });
  });

  it.each([
    [neon, true],
    [neon.replace('-pooler', ''), false],
    ['postgresql://me:x@aws-0-eu.pooler.supabase.com:6543/db', true],
    ['postgresql://me:x@db.example:6432/db', true],
  ])('%s is pooled: %s', (text, wanted) => {
    const options = postgresOptions(text);
    expect(options.ok && isPooled(options.config)).toBe(wanted);
  });

  it.each([
    ['mysql://a:b@c/d', 'not-a-url'],
    ['postgresql://me:pw@host/', 'incomplete-url'],
    ['postgresql://host/db', 'incomplete-url'],
  ])('%s is refused unsent: %s', (text, code) => {
    expect(postgresOptions(text)).toMatchObject({ ok: false, code });
  });
});
