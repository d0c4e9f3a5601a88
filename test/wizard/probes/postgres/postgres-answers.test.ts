import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type Postgres } from '../../../../sandbox/postgres/postgres.ts';
import { migrate } from '../../../../server/adapters/postgres/migrate.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { isIpv6Only } from '../../../../wizard/probes/postgres/ipv6-only.ts';
import { probePostgres } from '../../../../wizard/probes/postgres/probe-postgres.ts';
import { postgresOptions } from '../../../../wizard/probes/postgres/postgres-options.ts';
import { explainPostgresError } from '../../../../wizard/probes/postgres/postgres-errors.ts';

const { signal } = new AbortController();
let folder: string;
let postgres: Postgres;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rag-answers-test-'));
  chmodSync(folder, 0o755);
  postgres = await startPostgres({ folder, password: 'p@ss/w:rd %?#' });
});
afterEach(() => {
  postgres.proxy.sessions.refusal = null;
  postgres.proxy.transports.tcp = 'open';
});
afterAll(async () => {
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
});

const probe = (url = postgres.url) => probePostgres({ url: new Secret(url), signal });

async function query(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describe('a database that answers, and opens no session', () => {
  // Neon's, PgBouncer's, Supabase's and PostgreSQL's sentences, as their documentation and public issues quote them.
  it.each([
    [
      'XX000',
      'Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.',
      'quota-used-up',
      /Upgrade/,
    ],
    // Supavisor's newer sentences.
    ['XX000', '(ENOTFOUND) tenant/user postgres.abc not found', 'no-such-endpoint', /postgres\.PROJECT/],
    [
      'XX000',
      '(ENOIDENTIFIER) no tenant identifier provided (external_id or sni_hostname required)',
      'no-such-endpoint',
      /postgres\.PROJECT/,
    ],
    [
      'XX000',
      '(EMAXCONNSESSION) max clients reached in session mode - max clients are limited to pool_size: 15',
      'no-connection-left',
      /6543/,
    ],
    [
      '55000',
      'database "neondb" is not currently accepting connections',
      'closed-to-connections',
      /ALLOW_CONNECTIONS/,
    ],
    [
      'XX000',
      'Your project has exceeded the data transfer quota. Upgrade your plan to increase limits.',
      'quota-used-up',
      /Upgrade/,
    ],
    [
      'XX000',
      'This IP address 203.0.113.7 is not allowed to connect to this endpoint. Please add it to the allowed list in the Neon console.',
      'address-not-allowed',
      /IP Allow/,
    ],
    [
      '28000',
      'no pg_hba.conf entry for host "203.0.113.7", user "me", database "db", no encryption',
      'address-not-allowed',
      /sslmode=require/,
    ],
    ['XX000', 'connection is insecure (try using `sslmode=require`)', 'tls-required', /sslmode=require/],
    [
      'XX000',
      '(ECIRCUITBREAKER) too many authentication failures, new connections are temporarily blocked',
      'blocked-for-a-while',
      /old password/,
    ],
    ['XX000', 'no such user', 'wrong-password', /Copy the connection string/],
    ['XX000', 'Tenant or user not found', 'no-such-endpoint', /paused .*restored/],
    [
      'XX000',
      'MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size',
      'no-connection-left',
      /6543/,
    ],
    [
      'XX000',
      'The endpoint has been disabled. Enable it using Neon API and retry.',
      'endpoint-disabled',
      /Switch it on/,
    ],
    [
      '53300',
      'remaining connection slots are reserved for roles with the SUPERUSER attribute',
      'no-connection-left',
      /pooled/,
    ],
    ['XX000', 'MaxClientsInSessionMode: max clients reached', 'no-connection-left', /pooled/],
    ['08P01', 'unsupported startup parameter in options: search_path', 'startup-parameter', /direct/],
    ['XX000', 'Tenant or user not found', 'no-such-endpoint', /Copy/],
    ['28P01', 'password authentication failed for user "me"', 'wrong-password', /Copy/],
    ['53100', 'could not write init file: No space left on device', 'out-of-resources', /Free space/],
    ['XX000', 'a sentence of a later version', 'session-refused', /console/],
  ])('%s %s', async (code, message, wanted, remedy) => {
    postgres.proxy.sessions.refusal = { code, message };
    const result = await probe();
    expect(result).toMatchObject({ verdict: 'rejected', code: wanted });
    expect(result).toHaveProperty('message', expect.stringContaining(message.slice(0, 60)));
    expect(result).toHaveProperty('remedy', expect.stringMatching(remedy));
    expect(JSON.stringify(result)).not.toMatch(/could not be reached|block the port|run again/);
  });

  it.each([
    ['57P03', 'the database system is starting up', 'starting'],
    // Neon's proxy, and PgBouncer.
    ['XX000', 'Failed to acquire permit to connect to the database.', 'busy'],
    ['08P01', 'query_wait_timeout', 'busy'],
  ])('is unreachable for a while: %s %s', async (code, message, wanted) => {
    postgres.proxy.sessions.refusal = { code, message };
    expect(await probe()).toMatchObject({ verdict: 'unreachable', code: wanted });
  });
});

describe('a database that is blocked from here', () => {
  it('is tried over the WebSocket, as the server does', async () => {
    postgres.proxy.transports.tcp = 'silent';
    const fallback = { address: () => postgres.webSocketAddress, secure: false };
    const result = await probePostgres({ url: new Secret(postgres.url), signal, fallback });
    expect(result).toMatchObject({
      verdict: 'accepted',
      message: expect.stringContaining('443 (WebSocket)'),
    });
  });

  it('is accepted with a warning that says what was tried', async () => {
    postgres.proxy.transports.tcp = 'silent';
    expect(await probe()).toMatchObject({
      verdict: 'accepted',
      credential: { version: null },
      warnings: [expect.stringContaining(`port ${postgres.port}`)],
    });
  });
});

describe('the tables of another program', () => {
  const drop = 'DROP TABLE IF EXISTS messages, conversations, rag_keys, rag_migrations CASCADE';
  const original = `
    CREATE TABLE conversations (id uuid PRIMARY KEY, created_at timestamp NOT NULL, updated_at timestamp NOT NULL);
    CREATE TABLE messages (id uuid PRIMARY KEY, conversation_id uuid NOT NULL REFERENCES conversations (id)
      ON DELETE CASCADE, role varchar(20) NOT NULL, content text NOT NULL, sources jsonb, created_at timestamp NOT NULL)`;
  afterEach(() => query(drop));

  it.each([
    [
      'conversations has no column created_at',
      'CREATE TABLE conversations (id serial PRIMARY KEY, title text)',
    ],
    ['messages has no column conversation_id', 'CREATE TABLE messages (id bigint PRIMARY KEY, body text)'],
    ['id of the type integer', original.replaceAll('uuid', 'int')],
    ['tenant that must be given', `${original}; ALTER TABLE messages ADD tenant text NOT NULL`],
    ['status of the type integer', `${original}; ALTER TABLE messages ADD status int`],
    ['messages has no primary key id', `${original}; ALTER TABLE messages DROP CONSTRAINT messages_pkey`],
    ['messages has no column conversation_id', 'CREATE VIEW messages AS SELECT 1 AS id'],
  ])('are named, and the database is refused: %s', async (reason, sql) => {
    await query(sql);
    expect(await probe()).toMatchObject({
      verdict: 'rejected',
      code: 'foreign-tables',
      message: expect.stringContaining(reason),
      remedy: expect.stringContaining('another database'),
    });
    await query(sql.startsWith('CREATE VIEW') ? 'DROP VIEW messages' : 'SELECT 1');
  });

  it('are not those of the FastAPI server, nor ours, nor ours with columns added', async () => {
    await query(original);
    expect(await probe()).toMatchObject({ verdict: 'accepted' });
    await query('ALTER TABLE messages ADD note text, ADD at timestamptz NOT NULL DEFAULT now()');
    expect(await probe()).toMatchObject({ verdict: 'accepted' });
    await query(drop);
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await migrate(client);
    await client.end();
    expect(await probe()).toMatchObject({ verdict: 'accepted' });
  });
});

describe('options that only this computer understands', () => {
  it('are refused, unless they name what is trusted anyway', async () => {
    for (const name of ['sslrootcert', 'sslcert', 'sslkey'])
      expect(await probe(`${postgres.url}&${name}=/home/me/ca.pem`)).toMatchObject({
        verdict: 'rejected',
        code: 'names-a-file',
      });
    expect(await probe(`${postgres.url}&sslrootcert=system`)).toMatchObject({ verdict: 'accepted' });
  });

  it('a missing password is one, because pg looks for it in the environment', () => {
    expect(postgresOptions('postgresql://me@db.example/app')).toMatchObject({
      code: 'incomplete-url',
      message: expect.stringContaining('password'),
    });
  });
});

describe('a certificate that is not accepted', () => {
  const failed = (code: string, host = 'db.example') =>
    explainPostgresError(Object.assign(new Error('tls'), { code }), { host, port: 5432 });

  it.each([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /NODE_EXTRA_CA_CERTS/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', /clock first/],
    ['CERT_NOT_YET_VALID', /clock first/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /host’s name/],
  ])('%s is unreachable, with its own remedy', (code, remedy) => {
    const result = failed(code);
    expect(result).toMatchObject({ verdict: 'unreachable', remedy: expect.stringMatching(remedy) });
    expect(result.remedy).not.toContain('no-verify');
    expect(failed(code, '192.168.1.4').remedy).toContain('no-verify');
  });
});

describe('a host that only speaks IPv6', () => {
  const resolvingTo =
    (...families: number[]) =>
    () =>
      Promise.resolve(families.map((family) => ({ family })));
  const nothing = () => Promise.reject(new Error('ENOTFOUND'));

  it.each([
    ['db.abcdefghijklmnopqrst.supabase.co', resolvingTo(6), true],
    ['db.abcdefghijklmnopqrst.supabase.co', nothing, true],
    ['db.abcdefghijklmnopqrst.supabase.co', resolvingTo(6, 4), false],
    ['aws-0-eu-central-1.pooler.supabase.com', resolvingTo(4), false],
    ['db.example', nothing, false],
    ['2001:db8::1', nothing, true],
    ['::1', nothing, false],
    ['192.0.2.1', nothing, false],
  ])('%s', async (host, lookup, wanted) => {
    expect(await isIpv6Only(host, lookup)).toBe(wanted);
  });

  it('is refused when it is given, with the pooled address as the way', async () => {
    const url = new Secret(
      'postgresql://postgres:secret-pw@db.abcdefghijklmnopqrst.supabase.co:5432/postgres',
    );
    expect(await probePostgres({ url, signal, lookup: resolvingTo(6) })).toMatchObject({
      verdict: 'rejected',
      code: 'ipv6-only',
      remedy: expect.stringContaining('Session pooler'),
    });
  });
});
