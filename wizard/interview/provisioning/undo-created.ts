import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { Session } from '../../model/runtime.ts';
import {
  forgetCluster,
  forgetDatabase,
  readCreated,
  readCreatedQdrant,
} from '../../provisioning/created-file.ts';
import { createNeonAccount } from '../../provisioning/neon/neon-client.ts';
import { neonEndpoints } from '../../provisioning/neon/neon-endpoints.ts';
import { removeKey, type ClusterKeyTools } from '../../provisioning/qdrant/cluster-keys.ts';
import type { CloudCluster, QdrantCloudAccount } from '../../provisioning/qdrant/qdrant-cloud-client.ts';
import { addressOf, cloudOf, cloudRefusal, hostOf } from '../../provisioning/qdrant/provision-cluster.ts';
import type { UndoAction } from '../../steps/undo/undo-action.ts';
import { hostLine } from '../../model/hosts.ts';
import { announceQdrantCloud, clusterTools } from './cluster-tools.ts';

/** How what was made at Qdrant Cloud and Neon is taken back. */
export type CreatedUndo = {
  actions: UndoAction[];
  /** Hosts of clusters that are deleted: with them goes every collection. */
  hosts: ReadonlySet<string>;
};

/** Reads only. What needs a key that is not given stays, and says which. Throws Failure. */
export async function undoCreated(
  session: Session,
  { inputs, made }: { inputs: CommandInputs; made: readonly CreatedResource[] },
): Promise<CreatedUndo> {
  const ofQdrant = made.filter(({ thing }) => thing === 'cluster' || thing === 'cluster-key');
  const databases = made.filter(({ thing }) => thing === 'database');
  const qdrant =
    ofQdrant.length === 0
      ? { actions: [], hosts: new Set<string>() }
      : await undoClusters(session, { inputs, made: ofQdrant });
  return { ...qdrant, actions: [...qdrant.actions, ...(await undoProjects(session, { inputs, databases }))] };
}

async function undoClusters(
  session: Session,
  { inputs, made }: { inputs: CommandInputs; made: readonly CreatedResource[] },
): Promise<CreatedUndo> {
  const { QDRANT_CLOUD_API_KEY: key } = inputs.answers;
  const nouns = { cluster: 'the Qdrant cluster', 'cluster-key': 'the key' };
  const nameOf = ({ thing, id }: CreatedResource): string =>
    `${thing === 'cluster' ? nouns.cluster : nouns['cluster-key']} ${id}`;
  if (key === undefined) {
    const why = 'stays: give QDRANT_CLOUD_API_KEY, then run undo again';
    return {
      actions: made.map((resource) => ({
        service: 'qdrant',
        resource,
        what: `${nameOf(resource)} ${why}`,
        run: null,
      })),
      hosts: new Set(),
    };
  }
  announceQdrantCloud(session);
  const { stateDir, now } = session.runtime;
  const cloud = cloudOf(
    clusterTools({ session, inputs }, { key: key.value, signal: session.runtime.signal }),
  );
  const { account, clusters } = await reached(cloud);
  const { keys } = await readCreatedQdrant(stateDir);
  const tools = (cluster: string): ClusterKeyTools => ({
    cloud,
    atEnd: () => cloud,
    stateDir,
    account,
    cluster,
    now,
  });
  const hosts = new Set<string>();
  const actions = made.flatMap((resource): UndoAction[] => {
    const { thing, id, place } = resource;
    const cluster = clusters.find((candidate) => candidate.id === place);
    const action = { service: 'qdrant', resource } as const;
    if (cluster === undefined)
      return [{ ...action, what: `${nameOf(resource)} is not in this account`, run: null }];
    if (thing === 'cluster-key') {
      const noted = keys.find(({ name }) => name === id);
      // Deleted already, by a rotation.
      if (noted === undefined) return [];
      const run = (): Promise<void> => removeKey(tools(place), noted);
      return [{ ...action, what: `deletes ${nameOf(resource)}`, run }];
    }
    const host = hostOf(addressOf(cluster));
    if (host !== null) hosts.add(host);
    const run = async (): Promise<void> => {
      await cloud.removeCluster(account, place);
      await forgetCluster(stateDir, place);
    };
    return [{ ...action, what: `deletes ${nameOf(resource)} with all that is in it`, run }];
  });
  // A key is deleted before its cluster.
  return { actions: actions.toSorted((a, b) => rank(a) - rank(b)), hosts };
}

const rank = ({ resource }: UndoAction): number => (resource.thing === 'cluster' ? 1 : 0);

async function reached(
  cloud: QdrantCloudAccount,
): Promise<{ account: string; clusters: readonly CloudCluster[] }> {
  try {
    const account = (await cloud.accounts())[0]?.id ?? '';
    return { account, clusters: account === '' ? [] : await cloud.clusters(account) };
  } catch (error) {
    throw cloudRefusal(error);
  }
}

async function undoProjects(
  session: Session,
  { inputs, databases }: { inputs: CommandInputs; databases: readonly CreatedResource[] },
): Promise<UndoAction[]> {
  const { NEON_API_KEY: key } = inputs.answers;
  const { runtime, emit } = session;
  if (databases.length === 0) return [];
  if (key === undefined)
    return databases.map((resource) => {
      const what = `the Neon project ${resource.id} stays: give NEON_API_KEY, then run undo again`;
      return { service: 'postgres', resource, what, run: null };
    });
  if (!runtime.rehearsal) emit({ type: 'notice', code: 'contacts', message: hostLine('neon'), remedy: '' });
  const options = { ...neonEndpoints(runtime.env), http: inputs.http, signal: runtime.signal };
  const account = createNeonAccount(options, key.value);
  const { projects } = await account.projects();
  const noted = await readCreated(runtime.stateDir);
  return databases.map((resource): UndoAction => {
    const { id: name, place } = resource;
    const action = { service: 'postgres', resource } as const;
    if (projects.every(({ id }) => id !== place))
      return { ...action, what: `the Neon project ${name} is not in this account`, run: null };
    const run = async (): Promise<void> => {
      await account.remove(place);
      const entry = noted.find((database) => database.type === 'neon-project' && database.id === place);
      if (entry !== undefined) await forgetDatabase(runtime.stateDir, entry);
    };
    return { ...action, what: `deletes the Neon project ${name} with all conversations`, run };
  });
}
