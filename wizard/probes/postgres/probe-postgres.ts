import { setTimeout as sleep } from 'node:timers/promises';
import { oneLine, redact } from '../../clients/redact.ts';
import type { Credentials, Probe, ProbeFailure } from '../../model/credential.ts';
import { Secret } from '../../model/secret.ts';
import { postgresOptions, type PostgresOptions } from './postgres-options.ts';
import { firstRow } from './postgres-query.ts';
import {
  contentsText,
  postgresPermissions,
  permissionsQuery,
  connectionText,
  type DatabaseFacts,
} from './postgres-permissions.ts';
import { rejected, unreachable } from '../rejection.ts';

/** A suspended Neon database wakes within a second or two. */
const WAKE_MS = 1_000;

/**
 * Connects, and asks whether tables can be created; writes nothing. Tries twice, for a database that is waking up. The
 * accepted URL has its scheme and TLS mode normalised.
 */
export async function probePostgres(options: {
  url: Secret;
  signal: AbortSignal;
}): Promise<Probe<Credentials['postgres']>> {
  const { url, signal } = options;
  const connection = postgresOptions(url.reveal());
  if (!connection.ok) {
    const { code, message, remedy } = connection;
    return rejected({ code, message, remedy });
  }
  try {
    const rights = await readFacts(connection, signal).catch(async (error: unknown) => {
      signal.throwIfAborted();
      if (explainPostgresError(error, connection).verdict === 'rejected') throw error;
      await sleep(WAKE_MS, undefined, { signal });
      return readFacts(connection, signal);
    });
    return judgeFacts(rights, connection);
  } catch (error) {
    signal.throwIfAborted();
    return explainPostgresError(error, connection);
  }
}

type Connection = Extract<PostgresOptions, { ok: true }>;

async function readFacts({ config }: Connection, signal: AbortSignal): Promise<DatabaseFacts> {
  return firstRow<DatabaseFacts>({ config, sql: permissionsQuery, signal });
}

function judgeFacts(
  facts: DatabaseFacts,
  { url, config, warnings }: Connection,
): Probe<Credentials['postgres']> {
  if (facts.read_only) {
    return rejected({
      code: 'read-only-database',
      message: 'This database takes no writes: it is a replica, or read-only by default.',
      remedy: 'Give the connection string of the primary.',
    });
  }
  if (!facts.may_create) {
    const schema = facts.schema ?? 'public';
    return rejected({
      code: 'no-create-right',
      message: `The user ${config.user} may not create tables in the schema ${schema}.`,
      remedy: `As the owner run: GRANT CREATE ON SCHEMA ${schema} TO "${config.user}"; or give the owner’s string.`,
    });
  }
  const [version = facts.version] = facts.version.split(' ');
  return {
    verdict: 'accepted',
    message: `PostgreSQL ${version}, database ${config.database}, ${connectionText(config)}; ${contentsText(facts)}`,
    credential: { url: new Secret(url), version },
    rights: postgresPermissions({ user: String(config.user), host: String(config.host), facts }),
    ...(warnings.length > 0 && { warnings }),
  };
}

const consoleHint = 'Copy the connection string again from the database’s console (in Neon: Connect).';
type KnownError = { verdict: ProbeFailure['verdict']; code: string; says: string; remedy: string };

/** By SQLSTATE, and by Node's and OpenSSL's codes. */
const knownErrors: readonly (KnownError & { codes: RegExp })[] = [
  {
    codes: /^28P01$/,
    verdict: 'rejected',
    code: 'wrong-password',
    says: 'the user or the password is wrong',
    remedy: consoleHint,
  },
  {
    codes: /^28/,
    verdict: 'rejected',
    code: 'login-refused',
    says: 'this user may not log in',
    remedy: consoleHint,
  },
  {
    codes: /^3D000$/,
    verdict: 'rejected',
    code: 'no-such-database',
    says: 'there is no such database',
    remedy: consoleHint,
  },
  {
    codes: /^42501$/,
    verdict: 'rejected',
    code: 'no-connect-right',
    says: 'this user may not connect to it',
    remedy: consoleHint,
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|ALTNAME/,
    verdict: 'rejected',
    code: 'untrusted-certificate',
    says: 'its certificate is not trusted for this host',
    remedy: 'Check the host’s name; add sslmode=no-verify only for a server of your own.',
  },
  {
    codes: /^(ENOTFOUND|EAI_AGAIN)$/,
    verdict: 'unreachable',
    code: 'no-such-host',
    says: 'its host’s name cannot be found',
    remedy: `Check the name and your connection. ${consoleHint}`,
  },
];

function explainPostgresError(error: unknown, { config }: Connection): ProbeFailure {
  const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? '') : '';
  const raw = error instanceof Error ? error.message : String(error);
  const reason = oneLine(redact(raw, typeof config.password === 'string' ? [config.password] : []));
  const where = `${config.host}:${config.port}`;
  const entry = knownErrors.find(({ codes }) => codes.test(code));
  if (entry !== undefined) {
    const { verdict, says, remedy } = entry;
    return { verdict, code: entry.code, message: `Postgres at ${where} refuses: ${says}.`, remedy };
  }
  if (/does not support SSL/i.test(raw)) {
    const remedy = 'Add sslmode=disable for a server without TLS, or turn TLS on there.';
    return rejected({ code: 'no-tls', message: `Postgres at ${where} does not speak TLS.`, remedy });
  }
  if (/endpoint (id )?is not|tenant or user|project .*(not found|suspended)/i.test(raw)) {
    return rejected({
      code: 'no-such-endpoint',
      message: `Postgres at ${where} refuses: ${reason}`,
      remedy: consoleHint,
    });
  }
  return unreachable({
    code: 'no-connection',
    message: `Postgres at ${where} could not be reached: ${reason || code || 'no reason given'}.`,
    remedy:
      'A network may block the port: try another one. If the database is suspended, wake it in its console.',
  });
}
