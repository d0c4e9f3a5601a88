import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../../sandbox/postgres/binaries.ts';
import { startPostgres, type Postgres } from '../../sandbox/postgres/postgres.ts';

const PASSWORD = 'p@ss/w:rd %?#';

describe('the database of the sandbox', () => {
  let folder: string;
  let postgres: Postgres;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rag-sandbox-test-'));
    const { chmodSync } = await import('node:fs');
    chmodSync(folder, 0o755);
    postgres = await startPostgres({ folder, password: PASSWORD });
  });
  afterAll(async () => {
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(url: string, sql: string): Promise<unknown> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
    } finally {
      await client.end();
    }
  }

  it('takes a password that has to be encoded in a URL, and refuses another', async () => {
    expect(await ask(postgres.url, 'select current_database()')).toBe('neondb');
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its data over a stop, during which nothing answers', async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('create table kept (n int); insert into kept values (7)').finally(() => client.end());
    await postgres.stop();
    await expect(ask(postgres.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await postgres.start();
    expect(await ask(postgres.url, 'select n from kept')).toBe(7);
  });
});

it('says in one sentence what to do when there is no PostgreSQL', async () => {
  const search = findBinaries({
    folder: '/nowhere',
    path: '',
    resolve: () => null,
    install: async () => null,
  });
  // Debian's own folders are looked at too; a machine that has them needs no sentence.
  const said = await search.then(
    ({ postgres }) => postgres,
    (error: Error) => error.message,
  );
  expect(said).toMatch(/^\/usr\/lib\/postgresql\/|install PostgreSQL 15 or later/);
});
