import { readCreatedQdrant, type CreatedKey } from '../created-file.ts';
import { indexingKeyName, leftBehind, type ClusterKeyTools } from './cluster-keys.ts';
import type { CloudCluster, CloudKey, QdrantCloudAccount } from './qdrant-cloud-client.ts';
import { addressOf, cloudOf, hostOf, isSuspended, type ClusterTools } from './provision-cluster.ts';

/** A cluster of the account that this machine made, or whose address is given. */
export type ClusterReport = {
  keyTools: ClusterKeyTools;
  cluster: CloudCluster;
  isSuspended: boolean;
  /** Whether its address is the one that was given. */
  isNamed: boolean;
  /** Keys that expire, those of indexing runs left out. */
  expiring: readonly { name: string; expiresAt: Date }[];
  /** Those of killed runs of this machine. */
  left: readonly CreatedKey[];
  /** Those of indexing runs that this machine does not know: of another one, or of one that runs now. */
  others: readonly CloudKey[];
};

/** Looks at the clusters; changes nothing. Throws HttpFailure. */
export async function readClusterReports(
  tools: ClusterTools,
  { url }: { url: string | null },
): Promise<readonly ClusterReport[]> {
  const { stateDir, now } = tools;
  const cloud = cloudOf(tools);
  const atEnd = (): QdrantCloudAccount => cloud;
  const account = (await cloud.accounts())[0]?.id;
  if (account === undefined) return [];
  const { clusters: made, keys: noted } = await readCreatedQdrant(stateDir);
  const isOurs = ({ id }: CloudCluster): boolean =>
    [...made.map((cluster) => cluster.id), ...noted.map(({ cluster }) => cluster)].includes(id);
  const isNamed = (cluster: CloudCluster): boolean =>
    url !== null && hostOf(addressOf(cluster)) === hostOf(url);
  const looked = (await cloud.clusters(account)).filter((cluster) => isOurs(cluster) || isNamed(cluster));
  return Promise.all(
    looked.map(async (cluster) => {
      const keyTools = { cloud, atEnd, stateDir, account, cluster: cluster.id, now };
      const keys = await cloud.keys(account, cluster.id);
      const isIndexing = ({ name }: CloudKey): boolean => name?.startsWith(indexingKeyName) === true;
      const own = new Set(noted.map(({ name }) => name));
      return {
        keyTools,
        cluster,
        isSuspended: isSuspended(cluster),
        isNamed: isNamed(cluster),
        expiring: keys.flatMap((key) =>
          key.expiresAt == null || isIndexing(key)
            ? []
            : [{ name: key.name ?? key.id, expiresAt: new Date(key.expiresAt) }],
        ),
        left: await leftBehind(keyTools),
        others: keys.filter((key) => isIndexing(key) && !own.has(key.name ?? '')),
      };
    }),
  );
}
