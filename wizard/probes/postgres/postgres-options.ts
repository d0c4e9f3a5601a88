import type { ClientConfig } from 'pg';
import { isLoopback } from '../../model/formats/endpoints.ts';

export type PostgresOptions =
  | {
      ok: true;
      /** What the check says about the connection. */
      config: ClientConfig & { host: string; port: number };
      /** For the server. */
      url: string;
      warnings: string[];
    }
  | { ok: false; code: string; message: string; remedy: string };

const example = 'It looks like postgresql://user:password@host/database?sslmode=require';

/**
 * A connection string as the server will get it. Certificates are verified unless it says otherwise, as the server does,
 * so `sslmode=require`, which Neon's console gives, is tested as `verify-full`. Drivers' prefixes (`postgresql+asyncpg:`)
 * are dropped.
 */
export function postgresOptions(text: string): PostgresOptions {
  const plain = text.replace(/^postgres(ql)?(\+[a-z0-9]+)?:\/\//i, 'postgresql://');
  if (!plain.startsWith('postgresql://') || !URL.canParse(plain)) {
    return {
      ok: false,
      code: 'not-a-url',
      message: 'This is no Postgres connection string.',
      remedy: example,
    };
  }
  const url = new URL(plain);
  const database = decode(url.pathname.slice(1));
  // pg would look for a missing password in this computer's environment and files, which the server does not have.
  const lacksPassword = url.password === '' && !isLoopback(url.hostname);
  if (url.hostname === '' || url.username === '' || !database || lacksPassword) {
    const missing =
      url.hostname === '' ? 'host' : url.username === '' ? 'user' : !database ? 'database' : 'password';
    return {
      ok: false,
      code: 'incomplete-url',
      message: `The connection string names no ${missing}.`,
      remedy: example,
    };
  }
  const file = fileParameter(url);
  if (file !== null) return namesFile(file);
  const warnings: string[] = [];
  const isHere = isLoopback(url.hostname);
  if (!isHere && !url.searchParams.has('sslmode')) {
    url.searchParams.set('sslmode', 'require');
    warnings.push('sslmode=require was added: the connection is encrypted.');
  }
  const mode = url.searchParams.get('sslmode');
  if (!isHere && (mode === 'disable' || mode === 'no-verify')) {
    warnings.push(`sslmode=${mode}: the password can be read on the network, or by a proxy.`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const config = {
    host,
    port: Number(url.port || 5432),
    user: decode(url.username) ?? url.username,
    password: decode(url.password) ?? url.password,
    database,
    ssl: tlsOf(mode),
  };
  return { ok: true, config, url: url.href, warnings };
}

/** A parameter whose value is a file of this computer. `sslrootcert=system` is none: it names what is trusted anyway. */
function fileParameter({ searchParams }: URL): string | null {
  return (
    ['sslrootcert', 'sslcert', 'sslkey'].find(
      (name) => searchParams.has(name) && !(name === 'sslrootcert' && searchParams.get(name) === 'system'),
    ) ?? null
  );
}

function namesFile(parameter: string): PostgresOptions {
  return {
    ok: false,
    code: 'names-a-file',
    message: `The connection string’s ${parameter} names a file of this computer, which the server will not have.`,
    remedy: `Leave ${parameter} out: certificates are checked against the authorities that Node trusts. A database whose certificate needs that file cannot be used; give another one.`,
  };
}

/** As pg reads it (pg-connection-string). */
function tlsOf(mode: string | null): ClientConfig['ssl'] {
  if (mode === null || mode === 'disable') return false;
  return { rejectUnauthorized: mode !== 'no-verify' };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
