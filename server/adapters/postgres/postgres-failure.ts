import { ServerFailure } from '../../failure.ts';

const loginStates = new Set(['28P01', '28000', '3D000']);
/** The server closed the connection or is not ready, as when Neon wakes or closes an idle connection. */
const transientStates = new Set(['57P01', '57P02', '57P03', '08000', '08003', '08006', '53300']);
const socketErrors = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

function sqlStateOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** True when the same statement may succeed if repeated. */
export function isTransient(error: unknown): boolean {
  const code = sqlStateOf(error);
  const text = error instanceof Error ? error.message : '';
  return (
    transientStates.has(code) ||
    socketErrors.has(code) ||
    /Connection terminated|timeout exceeded|connection is closed/i.test(text)
  );
}

/**
 * True when no statement can succeed now: the database is full, read-only, locked, too slow, out of quota (which Neon
 * reports as an internal error), or its tables are missing.
 */
export function isUnavailable(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return /^(?:25006|40|42P01|53|55|57|58|XX)/.test(sqlStateOf(error)) || text === 'Query read timeout';
}

/** True when a table is missing, although it existed after the migration. */
export function isTableMissing(error: unknown): boolean {
  return sqlStateOf(error) === '42P01';
}

/** Converts a driver's error to a ServerFailure; the driver's message is only in `cause`. */
export function postgresFailure(cause: unknown): ServerFailure {
  if (cause instanceof ServerFailure) return cause;
  if (loginStates.has(sqlStateOf(cause)))
    return new ServerFailure({
      code: 'postgres-login-rejected',
      message: 'PostgreSQL rejects the user, the password or the database.',
      remedy:
        'Copy the connection string from the Neon console again: npx rag-space-setup rotate DATABASE_URL',
      cause,
    });
  if (isTransient(cause))
    return new ServerFailure({
      code: 'postgres-unreachable',
      message: 'PostgreSQL does not answer.',
      remedy: 'Check DATABASE_URL; a Space may only go out on ports 80, 443 and 8080.',
      cause,
    });
  if (isUnavailable(cause))
    return new ServerFailure({
      code: 'postgres-unable',
      message: 'PostgreSQL cannot run statements at the moment.',
      remedy: 'Look at the database in the Neon console: it may be full, read-only or out of its quota.',
      cause,
    });
  return new ServerFailure({
    code: 'postgres-failed',
    message: 'PostgreSQL rejected a statement.',
    remedy: 'Look at the log of the Space for the statement that failed.',
    cause,
  });
}
