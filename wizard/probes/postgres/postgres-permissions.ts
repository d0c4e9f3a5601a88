import type { ClientConfig } from 'pg';
import { existingTablesColumn, type ExistingTable } from './foreign-tables.ts';
import type { Permissions } from '../../model/display/permissions.ts';

/** The one query of the check. */
export const permissionsQuery = `SELECT current_setting('server_version') AS version,
  current_schema() AS schema,
  COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
  current_setting('default_transaction_read_only') = 'on' OR pg_is_in_recovery() AS read_only,
  COALESCE(r.rolsuper, false) AS is_super,
  COALESCE(r.rolcreatedb, false) AS creates_databases,
  COALESCE(r.rolcreaterole, false) AS creates_roles,
  (SELECT count(*)::int FROM pg_catalog.pg_tables t WHERE t.schemaname = current_schema()) AS tables,
  ${existingTablesColumn} AS existing_tables,
  to_regclass('rag_migrations') IS NOT NULL AS is_migrated
FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_roles r ON r.rolname = current_user`;

export type DatabaseFacts = {
  version: string;
  schema: string | null;
  may_create: boolean;
  read_only: boolean;
  is_super: boolean;
  creates_databases: boolean;
  creates_roles: boolean;
  tables: number;
  existing_tables: ExistingTable[];
  is_migrated: boolean;
};

/** Neon and Supabase name their poolers in the host; PgBouncer's port is 6432, Supabase's 6543. */
export function isPooled({ host, port }: Pick<ClientConfig, 'host' | 'port'>): boolean {
  const [first = ''] = (host ?? '').split('.');
  return first.endsWith('-pooler') || /(^|\.)pooler\./.test(host ?? '') || port === 6432 || port === 6543;
}

/** `direct, TLS with its certificate verified`. */
export function connectionText({ ssl, ...at }: Pick<ClientConfig, 'host' | 'port' | 'ssl'>): string {
  const isVerified = typeof ssl === 'object' && ssl.rejectUnauthorized === true;
  const tls = isVerified
    ? 'TLS, certificate verified'
    : ssl === false
      ? 'no TLS'
      : 'TLS, certificate not verified';
  return `${isPooled(at) ? 'pooled' : 'direct'}, ${tls}`;
}

/** What the database contains. */
export function contentsText({ tables, existing_tables: ours }: DatabaseFacts): string {
  if (ours.some(({ name }) => name === 'conversations')) return 'holds conversations, which stay';
  return tables === 0 ? 'empty' : `${tables} other table${tables === 1 ? '' : 's'}, which stay`;
}

const pages = {
  neon: 'https://neon.com/docs/manage/database-access',
  postgres: 'https://www.postgresql.org/docs/current/sql-grant.html',
};

/** What the user of an accepted connection string may do, beyond its own tables too. */
export function postgresPermissions({
  user,
  host,
  facts,
}: {
  user: string;
  host: string;
  facts: DatabaseFacts;
}): Permissions {
  const powers = [
    [facts.is_super, 'everything on its server (superuser)'],
    [facts.creates_databases && !facts.is_super, 'creating databases'],
    [facts.creates_roles && !facts.is_super, 'creating roles'],
  ] as const;
  return {
    needed: ['creating tables of its own'],
    has: [`the user ${user}, CREATE on the schema ${facts.schema ?? 'public'}`],
    excess: powers.flatMap(([may, what]) => (may ? [what] : [])),
    page: host.endsWith('.neon.tech') ? pages.neon : pages.postgres,
  };
}
