import type { QdrantClient } from '@qdrant/js-client-rest';
import { Failure } from '../failure.ts';
import type { QdrantAddress } from './qdrant-address.ts';
import { qdrantFailure, qdrantUnreachable } from './qdrant-failure.ts';
import { unreadable } from './qdrant-search.ts';

/** Milliseconds for one call of the client package, which takes no signal. */
const callTimeout = 30_000;

/** Runs one piece of work with the vendor's client; throws a Failure, or the signal's reason as soon as it aborts. */
export type QdrantCall = <T>(signal: AbortSignal, work: (client: QdrantClient) => Promise<T>) => Promise<T>;

/** The vendor's client, loaded on first use: a server that only answers needs it after it listens, not before. */
export function qdrantCaller({
  address,
  apiKey,
  collection,
}: {
  address: QdrantAddress;
  apiKey: string | null;
  collection: string;
}): QdrantCall {
  let client: Promise<QdrantClient> | undefined;
  return async (signal, work) => {
    signal.throwIfAborted();
    try {
      client ??= openClient({ address, apiKey });
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

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
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
  return unread ? unreadable(error) : qdrantUnreachable(error);
}
