import type { QdrantClient } from '@qdrant/js-client-rest';
import { unlessAborted } from '../chat/deadline.ts';
import { Failure } from '../failure.ts';
import type { QdrantAddress } from './qdrant-address.ts';
import { qdrantFailure, qdrantUnreachable, qdrantUnreadable } from './qdrant-failure.ts';
import type { QdrantRoads } from './qdrant-roads.ts';

/** Milliseconds for one call of the client package, which takes no signal. */
const callTimeout = 30_000;

/** Runs one piece of work with the vendor's client; throws a Failure, or the signal's reason as soon as it aborts. */
export type QdrantCall = <T>(signal: AbortSignal, work: (client: QdrantClient) => Promise<T>) => Promise<T>;

/** The vendor's client, loaded on first use: a server that only answers never needs it. */
export function qdrantCaller({
  roads,
  apiKey,
  collection,
}: {
  roads: QdrantRoads;
  apiKey: string | null;
  collection: string;
}): QdrantCall {
  let client: Promise<QdrantClient> | undefined;
  let at: QdrantAddress | undefined;
  return async (signal, work) => {
    signal.throwIfAborted();
    try {
      const address = await roads.open({ signal });
      if (client === undefined || at !== address) client = openClient({ address, apiKey });
      at = address;
      return await unlessAborted(client.then(work), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, collection);
    }
  };
}

async function openClient({
  address,
  apiKey,
}: {
  address: QdrantAddress;
  apiKey: string | null;
}): Promise<QdrantClient> {
  const { QdrantClient: Client } = await import('@qdrant/js-client-rest');
  return new Client({
    url: address.origin,
    port: address.port,
    ...(address.prefix === '' ? {} : { prefix: address.prefix }),
    timeout: callTimeout,
    checkCompatibility: false,
    // As a header, because the `apiKey` option prints a warning for http, which a local cluster uses.
    ...(apiKey === null ? {} : { headers: { 'api-key': apiKey } }),
  });
}

function failureOf(error: unknown, collection: string): Failure {
  if (error instanceof Failure) return error;
  if (typeof error !== 'object' || error === null) return qdrantUnreachable(error);
  if ('status' in error && typeof error.status === 'number') {
    const data = 'data' in error ? error.data : '';
    return qdrantFailure({
      status: error.status,
      body: typeof data === 'string' ? data : (JSON.stringify(data) ?? ''),
      collection,
    });
  }
  if ('retry_after' in error)
    return qdrantFailure({ status: 429, body: '', collection, retryAfter: String(error.retry_after) });
  const unread =
    error instanceof SyntaxError || (error instanceof Error && /uninitialized/.test(error.message));
  return unread ? qdrantUnreadable(error) : qdrantUnreachable(error);
}
