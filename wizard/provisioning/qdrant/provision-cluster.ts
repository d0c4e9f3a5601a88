import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http } from '../../clients/http.ts';
import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { readCreatedQdrant, rememberCluster } from '../created-file.ts';
import type { CloudOverview } from './cloud-overview.ts';
import { makeIndexingKey, type ClusterKeyTools, type IndexingKey } from './cluster-keys.ts';
import {
  createQdrantCloudAccount,
  type CloudCluster,
  type QdrantCloudAccount,
  type QdrantCloudOptions,
} from './qdrant-cloud-client.ts';

export type ClusterTools = QdrantCloudOptions & {
  stateDir: string;
  /** The folder of the book: a later run there uses the cluster that this one made. */
  folder: string;
  /** Of a cluster that is made. */
  name: string;
  key: Secret;
  /** Called before one is made. */
  onCreate?: ((name: string) => void) | undefined;
  now(): number;
  sleep(ms: number, options: { signal: AbortSignal }): Promise<unknown>;
};

/** A cluster that answers, with the key of this run. */
export type ProvisionedCluster = {
  url: Secret;
  /** In a sentence: what was made, or used again. */
  what: string;
  isNew: boolean;
  indexing: IndexingKey;
  keyTools: ClusterKeyTools;
};

/** Qdrant Cloud as this management key reaches it. */
export const cloudOf = (tools: ClusterTools): QdrantCloudAccount =>
  createQdrantCloudAccount(tools, tools.key);

/**
 * Makes a free cluster, or uses the chosen one or the one that an earlier run in this folder made, waits until it
 * answers, and makes this run's key. A run that was killed leaves no second cluster: its name was noted before.
 *
 * @throws Failure, `qdrant-cloud-refused` with the vendor's own words.
 */
export async function provisionCluster(
  tools: ClusterTools,
  options: { overview: CloudOverview; chosen: string | 'new' | null },
): Promise<ProvisionedCluster> {
  const { chosen } = options;
  try {
    const cloud = cloudOf(tools);
    const { account } = options.overview;
    // Since the account was read, one may have been made: by this run, before the user went back.
    const overview = { ...options.overview, clusters: await cloud.clusters(account) };
    const match = await existingCluster(tools, { overview, chosen: chosen === 'new' ? null : chosen });
    // One that was shown, and was not chosen, is another one.
    const wasShown = options.overview.clusters.some(({ id }) => id === match?.id);
    const existing = chosen === 'new' && wasShown ? null : match;
    const cluster = existing ?? (await makeCluster(tools, { cloud, overview }));
    const ready = await healthy(tools, { cloud, account, cluster });
    const keyTools = keyToolsOf(tools, { cloud, account, cluster: cluster.id });
    const how = existing === null ? `, made now: ${overview.offer?.what ?? 'free'}` : '';
    return {
      url: new Secret(addressOf(ready) ?? ''),
      what: `${cluster.name} at Qdrant Cloud${how}`,
      isNew: existing === null,
      indexing: await makeIndexingKey(keyTools),
      keyTools,
    };
  } catch (error) {
    throw cloudRefusal(error);
  }
}

/** The keys of the account's cluster at this address. Throws HttpFailure, or Failure where it has none. */
export async function clusterAt(tools: ClusterTools, url: string): Promise<ClusterKeyTools> {
  const cloud = cloudOf(tools);
  const account = (await cloud.accounts())[0]?.id ?? '';
  const clusters = account === '' ? [] : await cloud.clusters(account);
  const cluster = clusters.find((candidate) => hostOf(addressOf(candidate)) === hostOf(url));
  if (cluster === undefined)
    throw noCluster(`This management key’s account has no cluster at ${hostOf(url) ?? ''}.`);
  return keyToolsOf(tools, { cloud, account, cluster: cluster.id });
}

function keyToolsOf(
  tools: ClusterTools,
  place: { cloud: QdrantCloudAccount; account: string; cluster: string },
): ClusterKeyTools {
  const { stateDir, now } = tools;
  const atEnd = (): QdrantCloudAccount =>
    cloudOf({ ...tools, http: impatient(tools.http), signal: new AbortController().signal });
  return { ...place, atEnd, stateDir, now };
}

/** For what a run cleans up when it ends, also when it was cancelled: no one waits long for that. */
function impatient(http: Http): Http {
  return { ...http, request: (request) => http.request({ ...request, timeoutMs: 10_000, retry: false }) };
}

/** The cluster that this machine made for the folder, which may still be being made; else the one that is chosen. */
export async function existingCluster(
  { stateDir, folder }: Pick<ClusterTools, 'stateDir' | 'folder'>,
  { overview, chosen }: { overview: CloudOverview; chosen: string | null },
): Promise<CloudCluster | null> {
  const { account, clusters } = overview;
  const own = (await readCreatedQdrant(stateDir)).clusters.find(
    (cluster) => cluster.folder === folder && cluster.account === account,
  );
  const match = clusters.find((cluster) => {
    if (chosen !== null) return cluster.id === chosen;
    // Its name was free when it was noted, so without an id it is known by that.
    return own !== undefined && (own.id === null ? cluster.name === own.name : cluster.id === own.id);
  });
  return match ?? null;
}

async function makeCluster(
  { stateDir, folder, name: wanted, onCreate }: ClusterTools,
  { cloud, overview }: { cloud: QdrantCloudAccount; overview: CloudOverview },
): Promise<CloudCluster> {
  const { account, clusters, offer, why } = overview;
  if (offer === null) throw noCluster(`No cluster can be made: ${why ?? 'the account does not say why'}.`);
  const name = freeName(wanted, clusters);
  onCreate?.(name);
  await rememberCluster(stateDir, { folder, account, name, id: null });
  const cluster = await cloud.createCluster(account, { name, ...offer });
  await rememberCluster(stateDir, { folder, account, name, id: cluster.id });
  return cluster;
}

/** Two clusters of one account may have one name, so a name is chosen that none has. */
export function freeName(wanted: string, clusters: readonly { name: string }[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (clusters.every((cluster) => cluster.name !== name)) return name;
  }
}

const pollMs = 3_000;
const longestWaitMs = 10 * 60_000;

/** Waits until it answers; a suspended one, that the user chose, is resumed. */
async function healthy(
  { now, sleep, signal }: ClusterTools,
  options: { cloud: QdrantCloudAccount; account: string; cluster: CloudCluster },
): Promise<CloudCluster> {
  const { cloud, account, cluster } = options;
  if (isSuspended(cluster)) await cloud.unsuspend(account, cluster.id);
  const until = now() + longestWaitMs;
  for (;;) {
    const current = await cloud.cluster(account, cluster.id);
    const phase = current?.state?.phase?.replace('CLUSTER_PHASE_', '') ?? '';
    if (current !== null && phase === 'HEALTHY' && addressOf(current) !== null) return current;
    if (current === null || phase.startsWith('FAILED'))
      throw noCluster(
        `Qdrant Cloud’s cluster ${cluster.name} did not start: ${current?.state?.reason || 'it is not there any more'}.`,
      );
    if (now() > until)
      throw noCluster(`Qdrant Cloud’s cluster ${cluster.name} was not ready within 10 minutes.`);
    await sleep(pollMs, { signal });
    signal.throwIfAborted();
  }
}

export function isSuspended({ state }: CloudCluster): boolean {
  return state?.phase === 'CLUSTER_PHASE_SUSPENDED' || state?.phase === 'CLUSTER_PHASE_SUSPENDING';
}

/** `https://xyz.us-east-1-1.aws.cloud.qdrant.io:6333`; null while it has none. */
export function addressOf({ state }: CloudCluster): string | null {
  const { url, restPort } = state?.endpoint ?? {};
  if (!url) return null;
  const address = /^https?:\/\//.test(url) ? url : `https://${url}`;
  return /:\d+$/.test(address) ? address : `${address}:${restPort ?? 6333}`;
}

/** Of an address, with a port that is not a usual one; null for what is no address. */
export function hostOf(address: string | null): string | null {
  if (address === null) return null;
  const text = /^https?:\/\//.test(address) ? address : `https://${address}`;
  return URL.canParse(text) ? new URL(text).host.replace(/:(?:6333|443)$/, '') : null;
}

const byHand = 'make a cluster and a key at https://cloud.qdrant.io and give QDRANT_URL and QDRANT_API_KEY.';

function noCluster(message: string): Failure {
  return new Failure({
    kind: 'rejected',
    code: 'qdrant-cloud-refused',
    service: 'qdrant',
    message,
    remedy: `Choose a cluster that exists, or ${byHand}`,
  });
}

/** An answer of the control plane as the Failure that ends a run. */
export function cloudRefusal(error: unknown): unknown {
  if (!(error instanceof HttpFailure)) return error;
  const { message } = error;
  const about = { service: 'qdrant', message, cause: error } as const;
  if (error.kind === 'unreachable')
    return new Failure({
      ...about,
      kind: 'unreachable',
      code: 'qdrant-cloud-unreachable',
      remedy: `Wait some minutes and run again, or ${byHand}`,
    });
  return new Failure({
    ...about,
    kind: 'rejected',
    code: 'qdrant-cloud-refused',
    remedy:
      error.status === 403
        ? `Give the management key read, write and delete for clusters and for api_keys, or ${byHand}`
        : `Look at the limits of your Qdrant Cloud account, or ${byHand}`,
  });
}
