import * as z from 'zod';
import { settleWithin, timeoutFailure } from '../../chat/resilience/deadline.ts';
import { ServerFailure } from '../../failure.ts';
import { sendRequest, type KeepAliveAgent } from '../keep-alive-agent.ts';
import { qdrantUnreachable } from './qdrant-failure.ts';
import { parseQdrantUrl, type QdrantEndpoint } from './qdrant-url.ts';

/** Finds the port by which a cluster can be reached: its own, or 443 where that is blocked. */
export type QdrantEndpoints = {
  /** The endpoint to use; looks for one when none is known to work. Throws a ServerFailure when none does. */
  resolve(request: { signal: AbortSignal }): Promise<QdrantEndpoint>;
  /** Call after a failed connection: the next `resolve` looks again. */
  invalidate(): void;
  /** The port in use; null while none is known to work. */
  activeEndpoint(): string | null;
};

const discoveryTimeoutMs = 10_000;

/**
 * Qdrant Cloud names port 6333, but a Space may only connect to 80, 443 and 8080. So for https the same host is tried at
 * 443 when 6333 refuses or does not answer within `headStartMs` milliseconds; there it must identify itself as Qdrant,
 * since something else may listen. An address without a fallback is used without a test.
 */
export function createQdrantEndpoints({
  address,
  fallback = endpointAt443(address),
  apiKey,
  agent,
  headStartMs = 700,
}: {
  address: QdrantEndpoint;
  fallback?: QdrantEndpoint | null | undefined;
  apiKey: string | null;
  agent: KeepAliveAgent;
  headStartMs?: number;
}): QdrantEndpoints {
  let current: QdrantEndpoint | null = null;
  let discovery: Promise<QdrantEndpoint> | null = null;

  async function probe<T>(
    { url }: QdrantEndpoint,
    signal: AbortSignal,
    read: (text: string) => T,
  ): Promise<T> {
    const headers: Record<string, string> = apiKey === null ? {} : { 'api-key': apiKey };
    const { text } = await sendRequest(agent, { url: `${url}/`, method: 'GET', headers, signal });
    return read(text);
  }

  async function discover(other: QdrantEndpoint): Promise<QdrantEndpoint> {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => controller.abort(timeoutFailure('qdrant')), discoveryTimeoutMs);
    try {
      const direct = probe(address, signal, () => address);
      if ((await settleWithin({ ms: headStartMs }, direct).catch(() => null)) !== null) return address;
      const around = probe(other, signal, (text) => rootResponse.parse(JSON.parse(text)) && other);
      return await Promise.any([direct, around]);
    } catch (error) {
      throw noEndpointFailure(error, [address, other]);
    } finally {
      clearTimeout(timer);
      controller.abort();
    }
  }

  return {
    async resolve({ signal }) {
      signal.throwIfAborted();
      if (fallback === null) return (current = address);
      if (current !== null) return current;
      discovery ??= discover(fallback).finally(() => (discovery = null));
      return (current = await discovery);
    },
    invalidate: () => void (current = null),
    activeEndpoint: () => (current === null ? null : String(current.port)),
  };
}

function endpointAt443({ url, port, host, prefix }: QdrantEndpoint): QdrantEndpoint | null {
  const mayBeBlocked = url.startsWith('https:') && port === 6333;
  return mayBeBlocked ? parseQdrantUrl(`https://${host}:443${prefix}`) : null;
}

/** Qdrant identifies itself at its root (its OpenAPI document, `GET /`). */
const rootResponse = z.looseObject({ title: z.string().regex(/qdrant/i), version: z.string() });

function noEndpointFailure(
  cause: unknown,
  [own, other]: readonly [QdrantEndpoint, QdrantEndpoint],
): ServerFailure {
  const { code, remedy } = qdrantUnreachable(cause);
  return new ServerFailure({
    code,
    message: `Qdrant answers neither at port ${own.port} nor at ${other.port}.`,
    remedy,
    cause,
  });
}
