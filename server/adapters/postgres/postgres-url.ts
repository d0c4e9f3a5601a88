import { ServerFailure } from '../../failure.ts';

export type PostgresUrl = {
  connectionString: string;
  host: string;
  port: number;
};

/**
 * Parses a connection string as people paste it: with `psql '…'` around it, quotes, SQLAlchemy's `+asyncpg` or
 * `+psycopg`. `sslmode=require` becomes `verify-full`, which pg does anyway, with a long warning; `channel_binding` is
 * dropped, because pg does not support it, and so is `sslrootcert=system`, libpq's word for the certificates that Node
 * trusts anyway, which pg takes for a file. Throws a ServerFailure for anything else.
 */
export function parsePostgresUrl(value: string): PostgresUrl {
  const text = value
    .trim()
    .replace(/^psql\s+/, '')
    .replaceAll(/^['"]+|['"]+$/g, '')
    .replace(/^postgres(?:ql)?(?:\+\w+)?:\/\//, 'postgresql://');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalidUrl();
  }
  if (url.protocol !== 'postgresql:' || url.hostname === '') throw invalidUrl();
  url.searchParams.delete('channel_binding');
  if (url.searchParams.get('sslrootcert') === 'system') url.searchParams.delete('sslrootcert');
  if (['require', 'prefer', 'verify-ca'].includes(url.searchParams.get('sslmode') ?? ''))
    url.searchParams.set('sslmode', 'verify-full');
  return {
    connectionString: url.toString(),
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: Number(url.port || 5432),
  };
}

/** Without a cause, because the URL parser's message contains the password. */
function invalidUrl(): ServerFailure {
  return new ServerFailure({
    code: 'postgres-address-invalid',
    message: 'DATABASE_URL is not an address of the form postgresql://user:password@host/database.',
    remedy: 'Copy the connection string from the Neon console.',
  });
}
