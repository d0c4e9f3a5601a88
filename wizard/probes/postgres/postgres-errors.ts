import type { ClientConfig } from 'pg';
import { certificateProblem, errorCode } from '../../clients/certificate-problem.ts';
import { oneLine, redact } from '../../clients/redact.ts';
import type { ProbeFailure } from '../../model/credential.ts';
import { isLoopback } from '../../model/formats/endpoints.ts';

export type Address = Pick<ClientConfig, 'password'> & { host: string; port: number };

/** A table's row: when it applies, what the database means by it, and what helps. */
type KnownAnswer = {
  /** SQLSTATEs. */
  codes?: RegExp;
  /** Words of the database's sentence, where the code alone does not tell. */
  says?: RegExp;
  verdict?: ProbeFailure['verdict'];
  code: string;
  means: string;
  remedy: string;
};

const copyAgain = 'Copy the connection string again from the database’s console (in Neon: Connect).';

/**
 * Answers to the start of a session, the first that applies: the wording of Neon's and Supabase's proxies and of
 * PgBouncer, which send XX000 or 08P01 for nearly everything, then PostgreSQL's own codes.
 */
const knownAnswers: readonly KnownAnswer[] = [
  {
    says: /exceeded the .*(quota|limit)|quota .*exceeded|(compute|data transfer|storage).* (quota|limit|allowance)/i,
    code: 'quota-used-up',
    means: 'what its plan includes is used up',
    remedy: 'Upgrade its plan, wait until the next month begins, or give another database.',
  },
  {
    says: /not allowed to connect|allow ?-?list|allowed list|not in .*(range|allowed)|no pg_hba\.conf entry/i,
    code: 'address-not-allowed',
    means: 'it accepts only certain addresses, or only encrypted connections',
    remedy:
      'A Space has no fixed address: open the database to all addresses (in Neon: Settings, IP Allow), or give another one. Without TLS in the string, add sslmode=require.',
  },
  {
    says: /endpoint .*(disabled|not enabled)|(database|project|tenant) .*(disabled|paused|suspended)/i,
    code: 'endpoint-disabled',
    means: 'it is switched off',
    remedy: 'Switch it on in its console (in Neon: Branches, the compute), then give the string again.',
  },
  {
    // Neon's proxy, PgBouncer (query_wait_timeout, server_login_retry) and Supavisor: it passes.
    says: /too many .*connection attempts|acquire permit|query_wait_timeout|server_login_retry|ECHECKOUTTIMEOUT|unable to check out/i,
    verdict: 'unreachable',
    code: 'busy',
    means: 'it has more connections waiting than it serves',
    remedy: 'Wait some minutes, and end programs that open many connections to it; then run again.',
  },
  {
    codes: /^53300$/,
    says: /too many (clients|connections)|remaining connection slots|max(_| )?client|no more connections/i,
    code: 'no-connection-left',
    means: 'all its connections are taken',
    remedy:
      'Give the pooled address (in Neon: Connect, Connection pooling; in Supabase: transaction mode, port 6543), or end the connections of other programs.',
  },
  {
    says: /unsupported startup parameter/i,
    code: 'startup-parameter',
    means: 'a pooled address does not take every parameter of the string',
    remedy: 'Leave that parameter out of the string, or give the direct address (in Neon: without -pooler).',
  },
  {
    says: /connection is insecure|(SSL|TLS|encrypt\w*) (connection )?(is )?required/i,
    code: 'tls-required',
    means: 'it takes encrypted connections only',
    remedy: 'Add sslmode=require to the string.',
  },
  {
    says: /too many (failed )?(authentication|login|password)|temporarily blocked|circuit ?breaker/i,
    code: 'blocked-for-a-while',
    means: 'it opens no session for a while, after too many wrong logins',
    remedy: 'Stop programs that still use an old password, wait ten minutes, then give the string again.',
  },
  {
    // Supavisor's newer sentences begin with a code in brackets: (ENOTFOUND), (ENOIDENTIFIER).
    says: /endpoint (id )?is not|tenant or user|(tenant\/user|project|endpoint) .*not (be )?found|inconsistent project|no tenant identifier/i,
    code: 'no-such-endpoint',
    means: 'it knows no such project, endpoint or user',
    remedy: `${copyAgain} Through Supabase’s pooler the user is postgres.PROJECT, not postgres; a project that is paused (there after a week without use) has to be restored first.`,
  },
  {
    says: /password authentication failed|(wrong|invalid) password|SASL authentication failed|no such user|role "[^"]*" does not exist/i,
    code: 'wrong-password',
    means: 'the user or the password is wrong',
    remedy: copyAgain,
  },
  { codes: /^28P01$/, code: 'wrong-password', means: 'the user or the password is wrong', remedy: copyAgain },
  {
    codes: /^28/,
    code: 'login-refused',
    means: 'this user may not log in',
    remedy:
      'Give the string of a user that may, or let the database’s owner allow this one (ALTER ROLE … LOGIN, pg_hba.conf).',
  },
  {
    codes: /^3D000$/,
    code: 'no-such-database',
    means: 'there is no such database',
    remedy: 'Correct the name behind the host in the string, or create that database first.',
  },
  {
    codes: /^55000$/,
    code: 'closed-to-connections',
    means: 'this database is closed to connections',
    remedy: 'Let its owner run ALTER DATABASE … ALLOW_CONNECTIONS true, or give another database.',
  },
  {
    codes: /^42501$/,
    code: 'no-connect-right',
    means: 'this user may not connect to it',
    remedy: 'Let the database’s owner run GRANT CONNECT for this user, or give the string of another.',
  },
  {
    codes: /^57P03$/,
    verdict: 'unreachable',
    code: 'starting',
    means: 'it is starting or stopping',
    remedy: 'Wait until its console shows it as running, then run again.',
  },
  {
    codes: /^53/,
    code: 'out-of-resources',
    means: 'it has no disk space or memory left',
    remedy: 'Free space or enlarge it in its console, or give another database.',
  },
  {
    says: /couldn.t connect to compute|control plane|compute .*(start|wake)/i,
    verdict: 'unreachable',
    code: 'compute-not-started',
    means: 'the compute behind its proxy did not start',
    remedy: 'Look at it and at the vendor’s status page, then run again.',
  },
];

/** Why the database could not be asked, from pg's or Node's error. The database's own sentence is quoted, redacted. */
export function explainPostgresError(error: unknown, address: Address): ProbeFailure {
  const code = errorCode(error);
  const raw = error instanceof Error ? error.message : String(error);
  const reason = oneLine(redact(raw, typeof address.password === 'string' ? [address.password] : []));
  const where = `Postgres at ${address.host}:${address.port}`;
  if (isAnswer(error)) return explainAnswer({ code, reason, where });
  const certificate = certificateProblem(code);
  if (certificate !== null) {
    const ownServer = ' For a server of your own, sslmode=no-verify turns the check off.';
    const isOwn = isLoopback(address.host) || /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address.host);
    return {
      verdict: 'unreachable',
      code: certificate.code,
      message: `${where} was not asked: ${certificate.means} (${code}).`,
      remedy: `${certificate.remedy}${isOwn ? ownServer : ''}`,
    };
  }
  if (/does not support SSL/i.test(raw)) {
    const remedy = 'Add sslmode=disable for a server without TLS, or turn TLS on there.';
    return { verdict: 'rejected', code: 'no-tls', message: `${where} does not speak TLS.`, remedy };
  }
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) {
    return {
      verdict: 'unreachable',
      code: 'no-such-host',
      message: `${where} could not be reached: its host’s name cannot be found (${code}).`,
      remedy: `Check the name and your connection. ${copyAgain}`,
    };
  }
  return {
    verdict: 'unreachable',
    code: 'no-connection',
    message: `${where} could not be reached: ${reason || code || 'no reason given'}.`,
    remedy: 'Check that it runs, and look at it in its console.',
  };
}

/**
 * Whether the way to the database is blocked from here, which says nothing about the Space's way: nothing answers, or
 * something on the way refuses. A refusal on this machine is the database's own.
 */
export function isBlockedHere(error: unknown, { host }: Address): boolean {
  const text = error instanceof Error ? error.message : '';
  if (/timeout expired|connection timeout|timeout exceeded/i.test(text)) return true;
  const code = errorCode(error);
  if (/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code)) return true;
  return code === 'ECONNREFUSED' && !isLoopback(host);
}

/** A message of the server, not of the network: only those have a severity. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && typeof Reflect.get(error, 'severity') === 'string';
}

function explainAnswer({
  code,
  reason,
  where,
}: {
  code: string;
  reason: string;
  where: string;
}): ProbeFailure {
  const match = knownAnswers.find(
    ({ codes, says }) => codes?.test(code) === true || says?.test(reason) === true,
  );
  const quoted = `“${reason}” (${code || 'no code'})`;
  if (match === undefined) {
    return {
      verdict: 'rejected',
      code: 'session-refused',
      message: `${where} answers, and opens no session: ${quoted}`,
      remedy: 'Look at the database in its console, or give another one.',
    };
  }
  const { verdict = 'rejected', means, remedy } = match;
  return { verdict, code: match.code, message: `${where} answers that ${means}: ${quoted}`, remedy };
}
