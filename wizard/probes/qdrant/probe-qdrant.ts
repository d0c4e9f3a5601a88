import { z } from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import type { Credentials, Probe, ProbeFailure } from '../../model/credential.ts';
import { qdrantAddress } from '../../model/formats/qdrant-address.ts';
import { Secret } from '../../model/secret.ts';
import { collectionSchema, collectionText, stampPointSchema, stampRequest } from './qdrant-collection.ts';
import { mayWrite, parseQdrantKey, qdrantPermissions, testWrite } from './qdrant-key.ts';
import { verdictOf, rejected, unreachable } from '../rejection.ts';

const collectionsSchema = z.looseObject({
  result: z.looseObject({ collections: z.array(z.looseObject({ name: z.string() })) }),
});
const rootSchema = z.looseObject({ version: z.string() });

/**
 * Lists the collections with the key, because `/` and the health paths answer without one and prove nothing. A JWT says
 * whether it may write; any other key is tested with a write that finds nothing to change. The accepted URL has its
 * scheme and port written out.
 */
export async function probeQdrant(options: {
  url: Secret;
  key: Secret | null;
  /** The book's collection. */
  collection: string;
  http: Http;
  signal: AbortSignal;
}): Promise<Probe<Credentials['qdrant']>> {
  const { key, http, signal, collection } = options;
  const address = qdrantAddress(options.url.reveal());
  if (!address.ok) {
    const { code, message, remedy } = address;
    return rejected({ code, message, remedy });
  }
  const own = parseQdrantKey(key);
  if (own.kind === 'read') return readOnly;
  if (mayWrite(own, collection) === false) return tooNarrow(collection);
  let failure: ProbeFailure | null = null;
  for (const url of address.urls) {
    const probe = await probeAt({ url, key, collection, http, signal });
    if (probe.verdict !== 'unreachable') return probe;
    failure ??= probe;
  }
  return (
    failure ?? unreachable({ code: 'no-address', message: 'No address to try.', remedy: 'Give the URL.' })
  );
}

type QdrantTarget = { url: string; key: Secret | null; collection: string; http: Http; signal: AbortSignal };
type QdrantCall = <T>(path: string, what: string, schema: z.ZodType<T>, json?: unknown) => Promise<T>;

async function probeAt(options: QdrantTarget): Promise<Probe<Credentials['qdrant']>> {
  const { url, key, collection, http } = options;
  // When one call fails, the one beside it is aborted.
  const halt = new AbortController();
  const signal = AbortSignal.any([options.signal, halt.signal]);
  const headers: Record<string, string> = key === null ? {} : { 'api-key': key.reveal() };
  const ask: QdrantCall = (path, what, schema, json) =>
    http.request({
      service: 'qdrant',
      what,
      url: `${url}${path}`,
      headers,
      schema,
      signal,
      ...(json !== undefined && { method: 'POST', json }),
    });
  const own = parseQdrantKey(key);
  try {
    const [{ result }, { version }] = await Promise.all([
      ask('/collections', 'listing the collections', collectionsSchema),
      ask('/', 'reading the version', rootSchema),
    ]);
    const all = result.collections.map(({ name }) => name);
    const [existing, mayWriteHere] = await Promise.all([
      all.includes(collection) ? inspectCollection(ask, collection) : `${collection} is not there yet`,
      mayWrite(own, collection) ?? testWrite((path, what, json) => ask(path, what, z.unknown(), json)),
    ]);
    if (mayWriteHere === false) return readOnly;
    return {
      verdict: 'accepted',
      message: `Qdrant ${version} at ${new URL(url).host}, ${countCollections(all.length)}; ${existing}`,
      credential: { url: new Secret(url), key, version },
      rights: qdrantPermissions({
        key: own,
        isKeyless: key === null,
        mayWrite: mayWriteHere,
        collection,
        all,
      }),
    };
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return suspended(url);
    const isKey = error instanceof HttpFailure && error.kind === 'rejected';
    return verdictOf(
      error,
      isKey
        ? { remedy: 'Make a key on the cluster’s page (API Keys); a key belongs to one cluster.' }
        : { remedy: 'Check that the URL is the cluster’s own and its key may manage collections.' },
    );
  } finally {
    halt.abort();
  }
}

/** What the collection of that name holds. One that cannot be read is reported, not rejected. */
async function inspectCollection(ask: QdrantCall, name: string): Promise<string> {
  try {
    const path = `/collections/${encodeURIComponent(name)}`;
    const [{ result: info }, { result: stamp }] = await Promise.all([
      ask(path, `looking at the collection ${name}`, collectionSchema),
      ask(`${path}/points`, 'reading who wrote it', stampPointSchema, stampRequest),
    ]);
    return collectionText({ name, info, stamp });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return `${name} could not be looked at`;
  }
}

function countCollections(n: number): string {
  return `${n} collection${n === 1 ? '' : 's'}`;
}

function tooNarrow(collection: string): ProbeFailure {
  return rejected({
    code: 'key-too-narrow',
    message: `This Qdrant key is for other collections: it may not write to ${collection}.`,
    remedy: `Make a key that may read and write ${collection}, or name its collection in QDRANT_COLLECTION.`,
  });
}

const readOnly = rejected({
  code: 'key-read-only',
  message: 'This Qdrant key may read only; the book’s sections have to be written.',
  remedy: 'Make a key with manage or read-write access on the cluster’s page (API Keys).',
});

function suspended(url: string): ProbeFailure {
  return unreachable({
    code: 'cluster-suspended',
    message: `At ${new URL(url).host} there is no running Qdrant cluster (404).`,
    remedy: 'A free cluster is suspended when idle: resume it at https://cloud.qdrant.io, or check the URL.',
  });
}
