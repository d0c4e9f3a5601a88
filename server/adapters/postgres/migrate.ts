import { migrations } from './migrations.ts';
import { isSchemaMissing } from './postgres-failure.ts';

type SqlClient = { query(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }> };

/** Any fixed number: two servers that start together must not migrate at the same time. */
const lockKey = 727_266_111;

/**
 * Migrates the tables in one transaction, or finds in one statement that nothing is to be done, as every start but the
 * first does. The lock belongs to the transaction, because a pooled Neon address keeps no session between statements.
 */
export async function migrate(client: SqlClient): Promise<void> {
  if (isWhole(await appliedNames(client).catch(noneYet))) return;
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${lockKey})`);
    await client.query(
      'create table if not exists rag_migrations (name text primary key, applied_at timestamptz not null default now())',
    );
    const applied = await appliedNames(client);
    for (const { name, sql } of migrations) {
      if (applied.has(name)) continue;
      await client.query(sql);
      await client.query('insert into rag_migrations (name) values ($1)', [name]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function appliedNames(client: SqlClient): Promise<ReadonlySet<string>> {
  const { rows } = await client.query('select name from rag_migrations');
  return new Set((rows as { name: string }[]).map(({ name }) => name));
}

function noneYet(error: unknown): ReadonlySet<string> {
  if (isSchemaMissing(error)) return new Set();
  throw error;
}

const isWhole = (applied: ReadonlySet<string>): boolean => migrations.every(({ name }) => applied.has(name));
