import { ServerFailure } from '../../failure.ts';

/** A cluster's address; `prefix` is its path, and `url` has no trailing slash. */
export type QdrantEndpoint = { url: string; origin: string; host: string; port: number; prefix: string };

const defaultPort = 6333;

/**
 * Parses an address by Qdrant's convention: without a port, it means 6333, for https and http. An explicit port is
 * kept, also `:443` with https, which the URL class drops. Throws a ServerFailure for anything but an http(s) address.
 */
export function parseQdrantUrl(value: string): QdrantEndpoint {
  const text = value.trim().includes('://') ? value.trim() : `https://${value.trim()}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw invalidUrl(cause);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalidUrl();
  const explicit = /^[a-z]+:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(text)?.[1];
  const port = explicit === undefined ? defaultPort : Number(explicit);
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/dashboard$/, '');
  const origin = `${url.protocol}//${url.hostname}:${port}`;
  return { url: `${origin}${prefix}`, origin, host: url.hostname, port, prefix };
}

function invalidUrl(cause?: unknown): ServerFailure {
  return new ServerFailure({
    code: 'qdrant-address-invalid',
    message: 'QDRANT_URL is not an address of the form https://host:6333.',
    remedy: "Copy the cluster's endpoint from the Qdrant Cloud console.",
    cause,
  });
}
