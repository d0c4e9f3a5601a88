import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import type { ClusterAccess, Credentials, Probe, ProbeFailure } from '../../model/credential.ts';
import { qdrantAddress } from '../../model/formats/qdrant-address.ts';
import { Secret } from '../../model/secret.ts';
import { collectionSchema, collectionText, stampPointSchema, stampRequest } from './qdrant-collection.ts';
import { readKeyAccess, type KeyAccess, type QdrantCall } from './qdrant-access.ts';
import { qdrantPermissions } from './qdrant-permissions.ts';
import { verdictOf, rejected, unreachable } from '../rejection.ts';

const collectionsSchema = z.looseObject({
  result: z.looseObject({ collections: z.array(z.looseObject({ name: z.string() })) }),
});
const rootSchema = z.looseObject({ version: z.string() });

/**
 * Lists the collections with the key, because `/` and the health paths answer without one and prove nothing, and asks
 * the cluster what the key may do: enough for what the run does with it, or it is rejected before anything is made. The
 * accepted URL has its scheme and port written out.
 */
export async function probeQdrant(options: {
  url: Secret;
  key: Secret | null;
  /** The book's collection. */
  collection: string;
  /** What the run does with the cluster. */
  use: ClusterAccess;
  http: Http;
  signal: AbortSignal;
}): Promise<Probe<Credentials['qdrant']>> {
  const address = qdrantAddress(options.url.reveal());
  if (!address.ok) {
    const { code, message, remedy } = address;
    return rejected({ code, message, remedy });
  }
  let failure: ProbeFailure | null = null;
  for (const [index, url] of address.urls.entries()) {
    const isLast = index === address.urls.length - 1;
    const closed = isLast ? null : await closedPort({ ...options, url });
    const probe = closed ?? (await probeAt({ ...options, url }));
    if (probe.verdict === 'accepted' && address.given !== null)
      return { ...probe, credential: { ...probe.credential, url: new Secret(address.given) } };
    if (probe.verdict !== 'unreachable') return probe;
    failure ??= probe;
  }
  return (
    failure ?? unreachable({ code: 'no-address', message: 'No address to try.', remedy: 'Give the URL.' })
  );
}

const portTimeoutMs = 4_000;

type QdrantTarget = {
  url: string;
  key: Secret | null;
  collection: string;
  use: ClusterAccess;
  http: Http;
  signal: AbortSignal;
};

/** Why nothing answers at a port, found out soon: a network that blocks it may drop every packet. Null where one does. */
async function closedPort({ url, http, signal }: QdrantTarget): Promise<ProbeFailure | null> {
  const request = { service: 'qdrant', what: 'looking for the cluster', url: `${url}/`, signal } as const;
  try {
    await http.text({ ...request, timeoutMs: portTimeoutMs, retry: false });
    return null;
  } catch (error) {
    if (!(error instanceof HttpFailure) || error.status !== null) return null;
    const probe = verdictOf(error, { remedy: keyRemedy(error) });
    return probe.verdict === 'unreachable' ? probe : null;
  }
}

async function probeAt(options: QdrantTarget): Promise<Probe<Credentials['qdrant']>> {
  const { url, key, collection, use, http } = options;
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
      // None of them changes anything; a cluster closes connections that were idle for 5 s.
      retry: true,
      ...(json !== undefined && { method: 'POST', json }),
    });
  try {
    const [{ result }, { version }] = await Promise.all([
      ask('/collections', 'listing the collections', collectionsSchema),
      ask('/', 'reading the version', rootSchema),
    ]);
    const all = result.collections.map(({ name }) => name);
    const exists = all.includes(collection);
    const [existing, own] = await Promise.all([
      exists ? inspectCollection(ask, collection) : `${collection} is not there yet`,
      readKeyAccess(ask, { collection, exists }),
    ]);
    const { access, isGlobal } = own;
    const lack = lackOf(own, { use, collection });
    if (lack !== null || access === null) return lack ?? tooNarrow(collection);
    return {
      verdict: 'accepted',
      message: `Qdrant ${version} at ${new URL(url).host}, ${countCollections(all.length)}; ${existing}`,
      credential: { url: new Secret(url), key, version, access },
      rights: qdrantPermissions({ access, isGlobal, isKeyless: key === null, use, collection, all }),
    };
  } catch (error) {
    if (error instanceof HttpFailure && error.status === 404) return suspended(url);
    return verdictOf(error, { remedy: keyRemedy(error) });
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

const pageOfKeys = 'on the cluster’s page (API Keys)';

/** The reasons that the engine gives in plain text for a token that it does not accept. */
function keyRemedy(error: unknown): string {
  const text = error instanceof HttpFailure ? error.bodyText : '';
  if (text.includes('ExpiredSignature')) return `This key has expired: make a new one ${pageOfKeys}.`;
  if (text.includes('InvalidSignature'))
    return `This key was made for another cluster, or with a key that was replaced since: make one ${pageOfKeys}.`;
  return error instanceof HttpFailure && error.kind === 'rejected'
    ? `Make a key ${pageOfKeys}; a key belongs to one cluster.`
    : 'Check that the URL is the cluster’s own and its key may manage collections.';
}

/** Why a key is not enough for what the run does with it; null where it is. */
function lackOf(
  { access, isGlobal, hasCollection }: KeyAccess,
  { use, collection }: { use: ClusterAccess; collection: string },
): ProbeFailure | null {
  if (access === null) return tooNarrow(collection);
  if (access === 'manage' || use === 'read') return null;
  if (use === 'manage') return mayNotDelete(collection);
  if (hasCollection !== true && !isGlobal) return mayNotCreate(collection);
  return access === 'read' ? readOnly : null;
}

function tooNarrow(collection: string): ProbeFailure {
  return rejected({
    code: 'key-too-narrow',
    message: `This Qdrant key is for other collections: it may not read ${collection}.`,
    remedy: `Make a key that may read and write ${collection}, or name its collection in QDRANT_COLLECTION.`,
  });
}

function mayNotCreate(collection: string): ProbeFailure {
  return rejected({
    code: 'key-may-not-create',
    message: `This Qdrant key may not create collections, and ${collection} is not there yet.`,
    remedy: `Give a key that manages the cluster (made ${pageOfKeys}); the server may get one that only reads afterwards.`,
  });
}

function mayNotDelete(collection: string): ProbeFailure {
  return rejected({
    code: 'key-may-not-delete',
    message: `This Qdrant key may not delete collections, and ${collection} is to be deleted.`,
    remedy: `Give a key that manages the cluster (made ${pageOfKeys}).`,
  });
}

const readOnly = rejected({
  code: 'key-read-only',
  message: 'This Qdrant key may read only; the book’s sections have to be written.',
  remedy: `Give QDRANT_API_KEY a key with manage or read-write access ${pageOfKeys}; or give QDRANT_CLOUD_API_KEY in its place: then a key for this run is made.`,
});

function suspended(url: string): ProbeFailure {
  return unreachable({
    code: 'cluster-suspended',
    message: `At ${new URL(url).host} there is no running Qdrant cluster (404).`,
    remedy: 'A free cluster is suspended when idle: resume it at https://cloud.qdrant.io, or check the URL.',
  });
}
