import { z } from 'zod';
import { HttpFailure } from '../clients/http-failure.ts';
import type { Http } from '../clients/http.ts';
import type { Credentials, Probe, Refusal } from '../model/credential.ts';
import { qdrantAddress } from '../model/qdrant-address.ts';
import { Secret } from '../model/secret.ts';
import { refusalOf, rejected, unreachable } from './refusal.ts';

const collectionsSchema = z.looseObject({
  result: z.looseObject({ collections: z.array(z.looseObject({ name: z.string() })) }),
});
const rootSchema = z.looseObject({ version: z.string() });

/**
 * Lists the collections with the key: `/` and the health paths answer without one and prove nothing. A key that
 * is a token tells its own rights. The accepted URL has its scheme and port written out.
 */
export async function probeQdrant(options: {
  url: Secret;
  key: Secret | null;
  http: Http;
  signal: AbortSignal;
}): Promise<Probe<Credentials['qdrant']>> {
  const { key, http, signal } = options;
  const address = qdrantAddress(options.url.reveal());
  if (!address.ok) {
    const { code, message, remedy } = address;
    return rejected({ code, message, remedy });
  }
  const readOnly = key === null ? null : refuseReadOnly(key);
  if (readOnly !== null) return readOnly;
  let refusal: Refusal | null = null;
  for (const url of address.urls) {
    const probe = await probeAt({ url, key, http, signal });
    if (probe.verdict !== 'unreachable') return probe;
    refusal ??= probe;
  }
  return (
    refusal ?? unreachable({ code: 'no-address', message: 'No address to try.', remedy: 'Give the URL.' })
  );
}

async function probeAt(options: {
  url: string;
  key: Secret | null;
  http: Http;
  signal: AbortSignal;
}): Promise<Probe<Credentials['qdrant']>> {
  const { url, key, http } = options;
  // When one call fails, the one beside it is not waited for.
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const headers: Record<string, string> = key === null ? {} : { 'api-key': key.reveal() };
  const ask = <T>(path: string, what: string, schema: z.ZodType<T>): Promise<T> =>
    http.request({ service: 'qdrant', what, url: `${url}${path}`, headers, schema, signal });
  try {
    const [{ result }, { version }] = await Promise.all([
      ask('/collections', 'listing the collections', collectionsSchema),
      ask('/', 'reading the version', rootSchema),
    ]);
    const n = result.collections.length;
    return {
      verdict: 'accepted',
      message: `Qdrant ${version}, ${n} collection${n === 1 ? '' : 's'}`,
      credential: { url: new Secret(url), key, version },
    };
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return suspended(url);
    const isKey = error instanceof HttpFailure && error.kind === 'rejected';
    return refusalOf(
      error,
      isKey
        ? { remedy: 'Make a key on the cluster’s page (API Keys); a key belongs to one cluster.' }
        : { remedy: 'Check that the URL is the cluster’s own and its key may manage collections.' },
    );
  } finally {
    ended.abort();
  }
}

function suspended(url: string): Refusal {
  return unreachable({
    code: 'cluster-suspended',
    message: `At ${new URL(url).host} there is no running Qdrant cluster (404).`,
    remedy: 'A free cluster is suspended when idle: resume it at https://cloud.qdrant.io, or check the URL.',
  });
}

const claims = z.looseObject({ access: z.unknown(), exp: z.number().nullish() });

/** A key in JWT form carries its rights: `access` is `r`, `m`, or a list by collection. */
function refuseReadOnly(key: Secret): Refusal | null {
  const [, payload] = key.reveal().split('.');
  if (payload === undefined) return null;
  try {
    const { access } = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    if (access !== 'r') return null;
  } catch {
    return null;
  }
  return rejected({
    code: 'key-read-only',
    message: 'This Qdrant key may read only; the book’s sections have to be written.',
    remedy: 'Make a key with manage or read-write access on the cluster’s page (API Keys).',
  });
}
