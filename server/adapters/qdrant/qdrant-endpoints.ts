import { z } from 'zod';
import { timeoutFailure } from '../../chat/resilience/deadline.ts';
import { Failure } from '../../failure.ts';
import { sendRequest, type KeepAliveAgent } from '../keep-alive-agent.ts';
import { parseQdrantUrl, type QdrantEndpoint } from './qdrant-url.ts';
import { qdrantUnreachable } from './qdrant-failure.ts';

/** The way to a cluster: its own port, or 443 where that one is blocked. */
export type QdrantEndpoints = {
  /** Where to ask. Looks for an open road when none is known; throws a Failure when none is open. */
  resolve(request: { signal: AbortSignal }): Promise<QdrantEndpoint>;
  /** A connection failed: the next `open` looks anew. */
  invalidate(): void;
  /** The port in use; null while no road is known to be open. */
  activeEndpoint(): string | null;
};

const discoveryTimeoutMs = 10_000;

/**
 * Qdrant Cloud names port 6333, and a Space may only be let out on 80, 443 and 8080: behind https the same host is
 * tried at 443 when 6333 refuses or is silent for `headStartMs`. There it must say that it is Qdrant, as something
 * else may listen. An address with one road is taken unproven. Milliseconds.
 */
export function createQdrantEndpoints({
  address,
  second = endpointAt443(address),
  apiKey,
  keepAlive,
  headStartMs = 700,
}: {
  address: QdrantEndpoint;
  second?: QdrantEndpoint | null | undefined;
  apiKey: string | null;
  keepAlive: KeepAliveAgent;
  headStartMs?: number;
}): QdrantEndpoints {
  let current: QdrantEndpoint | null = null;
  let finding: Promise<QdrantEndpoint> | null = null;

  async function knock<T>(
    { url }: QdrantEndpoint,
    signal: AbortSignal,
    read: (text: string) => T,
  ): Promise<T> {
    const headers: Record<string, string> = apiKey === null ? {} : { 'api-key': apiKey };
    const { text } = await sendRequest(keepAlive, { url: `${url}/`, method: 'GET', headers, signal });
    return read(text);
  }

  async function find(other: QdrantEndpoint): Promise<QdrantEndpoint> {
    const ending = new AbortController();
    const { signal } = ending;
    const timer = setTimeout(() => ending.abort(timeoutFailure('qdrant')), discoveryTimeoutMs);
    try {
      const direct = knock(address, signal, () => address);
      if (await succeedsWithin(direct, headStartMs)) return address;
      const around = knock(other, signal, (text) => rootResponse.parse(JSON.parse(text)) && other);
      return await Promise.any([direct, around]);
    } catch (error) {
      throw noEndpointFailure(error, [address, other]);
    } finally {
      clearTimeout(timer);
      ending.abort();
    }
  }

  return {
    async resolve({ signal }) {
      signal.throwIfAborted();
      if (second === null) return (current = address);
      if (current !== null) return current;
      finding ??= find(second).finally(() => (finding = null));
      return (current = await finding);
    },
    invalidate: () => void (current = null),
    activeEndpoint: () => (current === null ? null : String(current.port)),
  };
}

function endpointAt443({ url, port, host, prefix }: QdrantEndpoint): QdrantEndpoint | null {
  const blockable = url.startsWith('https:') && port === 6333;
  return blockable ? parseQdrantUrl(`https://${host}:443${prefix}`) : null;
}

/** False when it fails, or takes longer than `ms`. */
async function succeedsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const early = work.then(
    () => true,
    () => false,
  );
  return Promise.race([early, late]).finally(() => clearTimeout(timer));
}

/** Qdrant names itself at its root (its OpenAPI document, `GET /`). */
const rootResponse = z.looseObject({ title: z.string().regex(/qdrant/i), version: z.string() });

function noEndpointFailure(cause: unknown, [own, other]: readonly [QdrantEndpoint, QdrantEndpoint]): Failure {
  const { code, remedy } = qdrantUnreachable(cause);
  return new Failure({
    code,
    message: `Qdrant answers neither at port ${own.port} nor at ${other.port}.`,
    remedy,
    cause,
  });
}
