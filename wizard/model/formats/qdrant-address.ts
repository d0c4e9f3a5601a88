import { isLoopback } from './endpoints.ts';

export type QdrantAddress =
  | {
      ok: true;
      /** To be tried in this order; without a slash at the end, the port always written. */
      urls: string[];
      /** The one to keep, where the port was given: indexer and server try the others, too. */
      given: string | null;
    }
  | { ok: false; code: string; message: string; remedy: string };

const GRPC_PORT = '6334';
const example = 'It looks like https://xyz.region.cloud.qdrant.io:6333, on the cluster’s page.';

/**
 * The forms in which people have a cluster's address: with or without scheme and port, the dashboard's page, the
 * gRPC port; a path in front of a proxied one stays. Qdrant Cloud documents REST on 6333, which many networks block, and
 * answers at 443 too.
 */
export function qdrantAddress(text: string): QdrantAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  const bare = scheme === undefined ? text : text.slice(scheme.length + 3);
  const host = /^(?:\[[^\]]+\]|[^/:?#]+)/.exec(bare)?.[0]?.toLowerCase() ?? '';
  const guess = scheme ?? (isLoopback(host) ? 'http' : 'https');
  if (host === '' || /\s|@/.test(text) || !URL.canParse(`${guess}://${bare}`) || !/^https?$/.test(guess)) {
    return {
      ok: false,
      code: 'not-a-url',
      message: 'This is no address of a Qdrant cluster.',
      remedy: example,
    };
  }
  if (host === 'cloud.qdrant.io' || host === 'qdrant.tech') {
    const message = 'This is the console’s address, not the cluster’s.';
    return { ok: false, code: 'console-url', message, remedy: example };
  }
  if (guess === 'http' && !isLoopback(host)) {
    const message = 'The key would travel unencrypted: this address begins with http.';
    return { ok: false, code: 'insecure-url', message, remedy: 'Use the cluster’s https address.' };
  }
  // A default port is dropped by URL, and its absence means something else here.
  const port = /^(?:\[[^\]]+\]|[^/:?#]+):(\d+)/.exec(bare)?.[1];
  const own = port === undefined || port === GRPC_PORT ? '6333' : port;
  const ports = guess === 'https' && own === '6333' ? [own, '443'] : [own];
  const prefix = new URL(`${guess}://${bare}`).pathname.replace(/\/(dashboard|collections)(\/.*)?$|\/+$/, '');
  const urls = ports.map((each) => `${guess}://${host}:${each}${prefix}`);
  return { ok: true, urls, given: port === undefined ? null : (urls[0] ?? null) };
}
