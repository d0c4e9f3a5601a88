import { ServerFailure } from '../../failure.ts';

const loginStates = new Set(['28P01', '28000', '3D000']);
/**
 * The server or a pooler closed the connection, has none free, or is not ready, as when Neon wakes; or the connection is
 * not in the state that the driver expects (26000 and 0A000 behind a pooler).
 */
const transientStates = /^(?:57P0[123]|08|53300|26000|0A000)/;
/** The database rejects what the statement contains; it would reject it again. */
const rejectedStates = /^(?:22|23|54)/;
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
    transientStates.test(code) ||
    socketErrors.has(code) ||
    /Connection terminated|timeout exceeded|connection is closed/i.test(text)
  );
}

/** True when the statement is at fault, and not the database or the connection: repeating it is useless. */
export function isRejected(error: unknown): boolean {
  return rejectedStates.test(sqlStateOf(error));
}

/** The driver's own error for a statement that ran longer than `query_timeout`. */
function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** True when the database did not accept a connection in time, or answered that it is starting. */
export function isConnectTimeout(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return sqlStateOf(error) === '57P03' || /timeout/i.test(text);
}

/** True when a table or a column is missing, although it existed after the migration. */
export function isSchemaMissing(error: unknown): boolean {
  return ['42P01', '42703'].includes(sqlStateOf(error));
}

/**
 * The database's own sentence after a colon, or nothing: health shows it to everybody, so only what is about the schema
 * or the server's state, never about a value, which may be a reader's, and without an address that holds a password.
 */
function sentenceOf(cause: unknown): string {
  if (!(cause instanceof Error) || !/^(?:25|42|53|55|57|58|XX)/.test(sqlStateOf(cause))) return '';
  const line = cause.message.replaceAll(/\s+/g, ' ').replaceAll(/\b[a-z+]+:\/\/\S+/g, '[address]');
  return `: ${line.slice(0, 200).replace(/\.$/, '')}`;
}

/**
 * Converts a driver's error to a ServerFailure; the driver's message is in `cause`, and in
 * `message` where it is about the schema or the server's state. Whatever is not clearly the
 * statement's fault counts as a state that may pass.
 */
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
  if (isRejected(cause))
    return new ServerFailure({
      code: 'postgres-failed',
      message: 'PostgreSQL rejected a statement.',
      remedy: 'Look at the log of the Space for the statement that failed.',
      cause,
    });
  if (isTransient(cause) || (sqlStateOf(cause) === '' && !isStatementTimeout(cause)))
    return new ServerFailure({
      code: 'postgres-unreachable',
      message: 'PostgreSQL does not answer.',
      remedy: 'Check DATABASE_URL; a Space may only go out on ports 80, 443 and 8080.',
      cause,
    });
  return new ServerFailure({
    code: 'postgres-unable',
    message: `PostgreSQL cannot run statements at the moment${sentenceOf(cause)}.`,
    remedy: 'Look at the database in the Neon console: it may be full, read-only or out of its quota.',
    cause,
  });
}
