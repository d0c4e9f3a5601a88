import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocketTransport } from '../../../server/adapters/postgres/postgres-pool.ts';
import type { Credentials, Probe } from '../../model/credential.ts';
import { Secret } from '../../model/secret.ts';
import { rejected } from '../rejection.ts';
import { foreignTable } from './foreign-tables.ts';
import { isIpv6Only, pooledHostHint, type Lookup } from './ipv6-only.ts';
import { explainPostgresError, isBlockedHere } from './postgres-errors.ts';
import { postgresOptions, type PostgresOptions } from './postgres-options.ts';
import {
  connectionText,
  contentsText,
  permissionsQuery,
  postgresPermissions,
  type DatabaseFacts,
} from './postgres-permissions.ts';
import { firstRow } from './postgres-query.ts';

/** A suspended Neon database wakes within a second or two. */
const WAKE_MS = 1_000;

type ProbeResult = Probe<Credentials['postgres']>;
type Connection = Extract<PostgresOptions, { ok: true }>;
type QueryResult = { row: DatabaseFacts; endpoint: string };

/**
 * Connects as the server will, and asks whether its tables can be created or are there; writes nothing. Tries twice, for
 * a database that is waking up. One that cannot be reached from here only is accepted with a warning: the wizard needs
 * nothing from it, and the Space's health is the proof. The accepted URL has its scheme and TLS mode normalised.
 */
export async function probePostgres(options: {
  url: Secret;
  signal: AbortSignal;
  /** See `firstRow`. */
  fallback?: WebSocketTransport | null;
  lookup?: Lookup;
}): Promise<ProbeResult> {
  const { signal, fallback } = options;
  const connection = postgresOptions(options.url.reveal());
  if (!connection.ok) {
    const { code, message, remedy } = connection;
    return rejected({ code, message, remedy });
  }
  const { config, url } = connection;
  if (await isIpv6Only(config.host, options.lookup)) {
    return rejected({
      code: 'ipv6-only',
      message: `The host ${config.host} has only an IPv6 address, and a Space reaches IPv4 addresses only.`,
      remedy: pooledHostHint(config.host),
    });
  }
  const ask = (): Promise<QueryResult> =>
    firstRow<DatabaseFacts>({
      url,
      sql: permissionsQuery,
      signal,
      ...(fallback !== undefined && { fallback }),
    });
  try {
    return judgeFacts(await askTwice(ask, connection, signal), connection);
  } catch (error) {
    signal.throwIfAborted();
    return isBlockedHere(error, config) ? untried(connection) : explainPostgresError(error, config);
  }
}

/** Again only after what may have been a database that wakes up. */
async function askTwice(
  ask: () => Promise<QueryResult>,
  { config }: Connection,
  signal: AbortSignal,
): Promise<QueryResult> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (isBlockedHere(error, config) || explainPostgresError(error, config).verdict === 'rejected')
      throw error;
    await sleep(WAKE_MS, undefined, { signal });
    return ask();
  }
}

function judgeFacts({ row: facts, endpoint }: QueryResult, connection: Connection): ProbeResult {
  const { url, config, warnings } = connection;
  if (facts.read_only) {
    return rejected({
      code: 'read-only-database',
      message: 'This database takes no writes: it is a replica, or read-only by default.',
      remedy: 'Give the connection string of the primary.',
    });
  }
  const foreign = foreignTable(facts.existing_tables, facts.is_migrated);
  if (foreign !== null) {
    return rejected({
      code: 'foreign-tables',
      message: `The database is in use by another program: ${foreign}, and the server needs its own under that name.`,
      remedy:
        'Give the string of another database (in Neon: Databases, New database), or of a user whose search_path names another schema.',
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
  const way = endpoint === String(config.port) ? '' : `, through port ${endpoint}`;
  return {
    verdict: 'accepted',
    message: `PostgreSQL ${version}, database ${config.database}, ${connectionText(config)}${way}; ${contentsText(facts)}`,
    credential: { url: new Secret(url), version, isEmpty: facts.tables === 0 },
    rights: postgresPermissions({ user: String(config.user), host: config.host, facts }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function untried({ url, config, warnings }: Connection): ProbeResult {
  const tried = config.host.endsWith('.neon.tech')
    ? `port ${config.port}, and a WebSocket on 443`
    : `port ${config.port}`;
  const warning = `The database could not be tried from this computer (${tried}): a network may block the port here. The server tries it from where it runs, and its health is the proof.`;
  return {
    verdict: 'accepted',
    message: `database ${config.database} on ${config.host}, not tried from here`,
    credential: { url: new Secret(url), version: null },
    rights: {
      needed: ['creating tables of its own'],
      has: [`the user ${config.user} (not tried)`],
      excess: [],
      page: 'https://www.postgresql.org/docs/current/sql-grant.html',
    },
    warnings: [...warnings, warning],
  };
}
