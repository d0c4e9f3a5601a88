import type { QdrantClient } from '@qdrant/js-client-rest';
import { rejectOnAbort } from '../../chat/resilience/deadline.ts';
import { ServerFailure } from '../../failure.ts';
import type { QdrantEndpoint } from './qdrant-url.ts';
import { qdrantFailure, qdrantUnreachable, qdrantUnreadable } from './qdrant-failure.ts';
import type { QdrantEndpoints } from './qdrant-endpoints.ts';

/** Deadline of one call in milliseconds: the client package takes no signal. */
const callTimeoutMs = 30_000;

/** Runs `work` with the vendor's client; throws a ServerFailure, or the signal's reason as soon as it aborts. */
export type QdrantClientCall = <T>(
  signal: AbortSignal,
  work: (client: QdrantClient) => Promise<T>,
) => Promise<T>;

/** Calls through the vendor's client, which is loaded on first use: a server that only reads never needs it. */
export function createQdrantClientCall({
  endpoints,
  apiKey,
  collection,
}: {
  endpoints: QdrantEndpoints;
  apiKey: string | null;
  collection: string;
}): QdrantClientCall {
  let client: Promise<QdrantClient> | undefined;
  let clientAddress: QdrantEndpoint | undefined;
  return async (signal, work) => {
    signal.throwIfAborted();
    try {
      const address = await endpoints.resolve({ signal });
      if (client === undefined || clientAddress !== address) client = openClient({ address, apiKey });
      clientAddress = address;
      return await rejectOnAbort(client.then(work), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw clientFailure(error, collection);
    }
  };
}

async function openClient({
  address,
  apiKey,
}: {
  address: QdrantEndpoint;
  apiKey: string | null;
}): Promise<QdrantClient> {
  const { QdrantClient: Client } = await import('@qdrant/js-client-rest');
  return new Client({
    url: address.origin,
    port: address.port,
    ...(address.prefix === '' ? {} : { prefix: address.prefix }),
    timeout: callTimeoutMs,
    checkCompatibility: false,
    // As a header, because the `apiKey` option prints a warning for http, as a local cluster uses.
    ...(apiKey === null ? {} : { headers: { 'api-key': apiKey } }),
  });
}

function clientFailure(error: unknown, collection: string): ServerFailure {
  if (error instanceof ServerFailure) return error;
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
  const isUnreadable =
    error instanceof SyntaxError || (error instanceof Error && /uninitialized/.test(error.message));
  return isUnreadable ? qdrantUnreadable(error) : qdrantUnreachable(error);
}
