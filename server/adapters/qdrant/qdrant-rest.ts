import type { z } from 'zod';
import { withDeadline } from '../../chat/resilience/deadline.ts';
import { Failure } from '../../failure.ts';
import { sendRequest, type KeepAliveAgent } from '../keep-alive-agent.ts';
import { qdrantFailure, qdrantUnreachable, qdrantUnreadable } from './qdrant-failure.ts';
import type { QdrantEndpoints } from './qdrant-endpoints.ts';

/** Milliseconds for one call; a question's own limit is shorter. */
const callTimeoutMs = 30_000;

/**
 * One question to the collection: `path` begins after its name, a `body` makes it a POST. Throws a Failure, or the
 * signal's reason once it aborts.
 */
export type QdrantRest = <T>(request: {
  path: string;
  body?: object;
  schema: z.ZodType<T>;
  signal: AbortSignal;
}) => Promise<T>;

/**
 * Reading by plain REST: the client package takes no AbortSignal and no connections of ours, and here every
 * millisecond is a reader's.
 */
export function createQdrantRest({
  roads,
  apiKey,
  collection,
  keepAlive,
}: {
  roads: QdrantEndpoints;
  apiKey: string | null;
  collection: string;
  keepAlive: KeepAliveAgent;
}): QdrantRest {
  const headers = { 'content-type': 'application/json', ...(apiKey === null ? {} : { 'api-key': apiKey }) };
  return async ({ path, body, schema, signal }) => {
    const { url } = await roads.resolve({ signal });
    const asked = body === undefined ? {} : { body: JSON.stringify(body) };
    const sent = {
      url: `${url}/collections/${encodeURIComponent(collection)}${path}`,
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...asked,
    };
    const limits = { signal, ms: callTimeoutMs, service: 'qdrant' };
    const answer = await withDeadline(limits, (limited) =>
      sendRequest(keepAlive, { ...sent, signal: limited }),
    ).catch((cause: unknown): never => {
      // A road that is silent is lost too, whoever's time-out says so; a reader who leaves says nothing of it.
      if (!signal.aborted || signal.reason instanceof Failure) roads.invalidate();
      signal.throwIfAborted();
      throw qdrantUnreachable(cause);
    });
    const { status, text } = answer;
    const retryAfter = answer.headers['retry-after'] ?? null;
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
