import type { ClientConfig } from 'pg';
import { isLoopback } from '../../model/formats/endpoints.ts';

export type PostgresOptions =
  | {
      ok: true;
      /** For pg. */
      config: ClientConfig;
      /** For the server. */
      url: string;
      warnings: string[];
    }
  | { ok: false; code: string; message: string; remedy: string };

const example = 'It looks like postgresql://user:password@host/database?sslmode=require';

/**
 * A connection string as options for pg. Certificates are verified unless it says otherwise, so `sslmode=require`, which
 * Neon's console gives, is tested as `verify-full`. Drivers' prefixes (`postgresql+asyncpg:`) are dropped.
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
  if (url.hostname === '' || url.username === '' || database === null || database === '') {
    const missing = url.hostname === '' ? 'host' : url.username === '' ? 'user' : 'database';
    return {
      ok: false,
      code: 'incomplete-url',
      message: `The connection string names no ${missing}.`,
      remedy: example,
    };
  }
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
  const config: ClientConfig = {
    host,
    port: Number(url.port || 5432),
    user: decode(url.username) ?? url.username,
    password: decode(url.password) ?? url.password,
    database,
    ssl: tlsOf({ mode, isHere }),
  };
  return { ok: true, config, url: url.href, warnings };
}

function tlsOf({ mode, isHere }: { mode: string | null; isHere: boolean }): ClientConfig['ssl'] {
  if (mode === 'disable' || (isHere && (mode === null || mode === 'prefer' || mode === 'allow')))
    return false;
  return { rejectUnauthorized: !isHere && mode !== 'no-verify' };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
