import { z } from 'zod';
import { unanswered } from '../chat/deadline.ts';
import { Failure } from '../failure.ts';
import { askOnce, type KeepAlive } from './keep-alive.ts';
import { qdrantAddress, type QdrantAddress } from './qdrant-address.ts';
import { qdrantUnreachable } from './qdrant-failure.ts';

/** The way to a cluster: its own port, or 443 where that one is blocked. */
export type QdrantRoads = {
  /** Where to ask. Looks for an open road when none is known; throws a Failure when none is open. */
  open(request: { signal: AbortSignal }): Promise<QdrantAddress>;
  /** A connection failed: the next `open` looks anew. */
  lose(): void;
  /** The port in use; null while no road is known to be open. */
  road(): string | null;
};

const findMs = 10_000;

/**
 * Qdrant Cloud names port 6333, and a Space may only be let out on 80, 443 and 8080: behind https the same host is
 * tried at 443 when 6333 refuses or is silent for `headStartMs`. There it must say that it is Qdrant, as something
 * else may listen. An address with one road is taken unproven. Milliseconds.
 */
export function qdrantRoads({
  address,
  second = roadAt443(address),
  apiKey,
  keepAlive,
  headStartMs = 700,
}: {
  address: QdrantAddress;
  second?: QdrantAddress | null | undefined;
  apiKey: string | null;
  keepAlive: KeepAlive;
  headStartMs?: number;
}): QdrantRoads {
  let current: QdrantAddress | null = null;
  let finding: Promise<QdrantAddress> | null = null;

  async function knock<T>(
    { url }: QdrantAddress,
    signal: AbortSignal,
    read: (text: string) => T,
  ): Promise<T> {
    const headers: Record<string, string> = apiKey === null ? {} : { 'api-key': apiKey };
    const { text } = await askOnce(keepAlive, { url: `${url}/`, method: 'GET', headers, signal });
    return read(text);
  }

  async function find(other: QdrantAddress): Promise<QdrantAddress> {
    const ending = new AbortController();
    const { signal } = ending;
    const timer = setTimeout(() => ending.abort(unanswered('qdrant')), findMs);
    try {
      const direct = knock(address, signal, () => address);
      if (await isFirst(direct, headStartMs)) return address;
      const around = knock(other, signal, (text) => greeting.parse(JSON.parse(text)) && other);
      return await Promise.any([direct, around]);
    } catch (error) {
      throw noRoad(error, [address, other]);
    } finally {
      clearTimeout(timer);
      ending.abort();
    }
  }

  return {
    async open({ signal }) {
      signal.throwIfAborted();
      if (second === null) return (current = address);
      if (current !== null) return current;
      finding ??= find(second).finally(() => (finding = null));
      return (current = await finding);
    },
    lose: () => void (current = null),
    road: () => (current === null ? null : String(current.port)),
  };
}

function roadAt443({ url, port, host, prefix }: QdrantAddress): QdrantAddress | null {
  const blockable = url.startsWith('https:') && port === 6333;
  return blockable ? qdrantAddress(`https://${host}:443${prefix}`) : null;
}

/** False when it fails, or takes longer than `ms`. */
async function isFirst(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const early = work.then(
    () => true,
    () => false,
  );
  return Promise.race([early, late]).finally(() => clearTimeout(timer));
}

/** Qdrant names itself at its root (its OpenAPI document, `GET /`). */
const greeting = z.looseObject({ title: z.string().regex(/qdrant/i), version: z.string() });

function noRoad(cause: unknown, [own, other]: readonly [QdrantAddress, QdrantAddress]): Failure {
  const { code, remedy } = qdrantUnreachable(cause);
  return new Failure({
    code,
    message: `Qdrant answers neither at port ${own.port} nor at ${other.port}.`,
    remedy,
    cause,
  });
}
