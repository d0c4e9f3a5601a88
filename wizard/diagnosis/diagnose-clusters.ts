import type { ClusterReport } from '../provisioning/qdrant/cluster-reports.ts';
import type { Finding } from './finding.ts';

/** What is wrong with the clusters that a management key reaches. Pure. */
export function diagnoseClusters(reports: readonly ClusterReport[], { now }: { now: number }): Finding[] {
  return reports.flatMap((report) => [
    ...suspendedFinding(report),
    ...expiringFindings(report, now),
    ...leftFindings(report),
  ]);
}

const service = 'qdrant';
const inTerminal = 'run doctor in a terminal: it offers that';

function suspendedFinding({ cluster: { name }, isSuspended }: ClusterReport): Finding[] {
  if (!isSuspended) return [];
  const message = `The Qdrant cluster ${name} is suspended: a free one is when it is idle.`;
  return [{ code: 'cluster-suspended', service, message, remedy: `Resume it: ${inTerminal}.` }];
}

const day = 86_400_000;
const warningDays = 14;

function expiringFindings({ cluster, expiring }: ClusterReport, now: number): Finding[] {
  return expiring
    .filter(({ expiresAt }) => expiresAt.getTime() - now < warningDays * day)
    .map(({ name, expiresAt }) => {
      const message = `The key ${name} of the Qdrant cluster ${cluster.name} ${expiry(expiresAt, now)}.`;
      return { code: 'qdrant-key-expires', service, message, remedy: newKey };
    });
}

const newKey =
  'If the server uses it, give it another one: npx rag-space-setup rotate qdrant. Without an expiry it does not end a chat.';

function expiry(at: Date, now: number): string {
  const date = at.toISOString().slice(0, 10);
  return at.getTime() <= now ? `expired on ${date}` : `expires on ${date}`;
}

function leftFindings({ cluster, left, others }: ClusterReport): Finding[] {
  const own = left.map(
    ({ name }) =>
      ({
        code: 'indexing-key-left',
        service,
        message: `An indexing run that was ended left its key on the Qdrant cluster ${cluster.name}: ${name}.`,
        remedy: `Delete it: ${inTerminal}; the next indexing run does too, and it expires after a day.`,
      }) as const,
  );
  const elsewhere = others.map(
    ({ name, expiresAt }) =>
      ({
        code: 'indexing-key-left',
        service,
        message: `The Qdrant cluster ${cluster.name} has a key of an indexing run that this machine does not know: ${name ?? ''}.`,
        remedy: `If no other machine indexes now, delete it at https://cloud.qdrant.io; it expires ${expiresAt == null ? 'never' : `on ${expiresAt.slice(0, 10)}`}.`,
      }) as const,
  );
  return [...own, ...elsewhere];
}

/** When a key says itself that it expires: the tokens of Qdrant Cloud do. Pure. */
export function diagnoseServerKey(key: string, { now }: { now: number }): Finding[] {
  const expiresAt = expiryIn(key);
  if (expiresAt === null || expiresAt.getTime() - now >= warningDays * day) return [];
  const message = `QDRANT_API_KEY, which the server has, ${expiry(expiresAt, now)}: then the chat ends.`;
  const remedy = 'Give it a key without an expiry: npx rag-space-setup rotate qdrant';
  return [{ code: 'qdrant-key-expires', service, message, remedy }];
}

function expiryIn(key: string): Date | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString());
    const seconds: unknown = Reflect.get(Object(claims), 'exp');
    return typeof seconds === 'number' ? new Date(seconds * 1000) : null;
  } catch {
    return null;
  }
}

/** A server's key that may write, where a management key can make a narrower one. Pure. */
export function diagnoseWritingKey(key: {
  access: string;
  canBeMade: boolean;
  isServers: boolean;
}): Finding[] {
  if (key.access === 'read' || !key.canBeMade || !key.isServers) return [];
  const message = 'The server has a Qdrant key that may write; one that only reads is enough for it.';
  return [
    { code: 'server-key-writes', service, message, remedy: 'npx rag-space-setup rotate qdrant makes one.' },
  ];
}
