import * as z from 'zod';
import { withDeadline } from '../../chat/resilience/deadline.ts';
import { ServerFailure } from '../../failure.ts';
import { sendRequest, type KeepAliveAgent } from '../keep-alive-agent.ts';
import { qdrantFailure, qdrantUnreachable, qdrantUnreadable } from './qdrant-failure.ts';
import type { QdrantEndpoints } from './qdrant-endpoints.ts';

/** What the engine says of every write that it carried out; a gateway's page with status 200 says nothing of the kind. */
export const writeSucceeded = z.object({ status: z.literal('ok') });

/** Deadline of one call in milliseconds; a question's own is shorter. */
const callTimeoutMs = 30_000;

/**
 * Sends one request to the collection: `path` is relative to it, and a `body` makes it a POST. Throws a ServerFailure, or the
 * signal's reason once it aborts.
 */
export type QdrantRest = <T>(request: {
  path: string;
  body?: object;
  /** `POST` by default where there is a body. */
  method?: 'PUT' | 'PATCH';
  schema: z.ZodType<T>;
  signal: AbortSignal;
}) => Promise<T>;

/**
 * Reads, and writes of points, by REST: the client package takes neither an AbortSignal nor our agent, and of a
 * `retry-after` it reads the first digit only (1.18.0, dist/esm/api-client.js), 3 seconds for 30.
 */
export function createQdrantRest({
  endpoints,
  apiKey,
  collection,
  agent,
}: {
  endpoints: QdrantEndpoints;
  apiKey: string | null;
  collection: string;
  agent: KeepAliveAgent;
}): QdrantRest {
  const headers = { 'content-type': 'application/json', ...(apiKey === null ? {} : { 'api-key': apiKey }) };
  return async ({ path, body, method, schema, signal }) => {
    const { url } = await endpoints.resolve({ signal });
    const request = {
      url: `${url}/collections/${encodeURIComponent(collection)}${path}`,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const limits = { signal, ms: callTimeoutMs, service: 'qdrant' };
    const response = await withDeadline(limits, (limited) =>
      sendRequest(agent, { ...request, signal: limited }),
    ).catch((cause: unknown): never => {
      // A timeout, also the caller's (a ServerFailure), means that the endpoint is lost; a client that disconnects does not.
      if (!signal.aborted || signal.reason instanceof ServerFailure) endpoints.invalidate();
      signal.throwIfAborted();
      throw qdrantUnreachable(cause);
    });
    const { status, text } = response;
    const retryAfter = response.headers['retry-after'] ?? null;
    if (status !== 200) throw qdrantFailure({ status, body: text, collection, retryAfter });
    const parsed = schema.safeParse(parseJsonOrNull(text));
    if (!parsed.success) throw qdrantUnreadable(parsed.error);
    return parsed.data;
  };
}

function parseJsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
