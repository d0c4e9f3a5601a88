import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { Answers } from '../../model/answers.ts';
import type { Session } from '../../model/runtime.ts';
import type { Secret } from '../../model/secret.ts';
import { readCloudOverview } from '../../provisioning/qdrant/cloud-overview.ts';
import {
  addressOf,
  cloudOf,
  cloudRefusal,
  existingCluster,
  hostOf,
  provisionCluster,
} from '../../provisioning/qdrant/provision-cluster.ts';
import type { Resource } from '../fact-store.ts';
import type { InterviewState } from '../interview-state.ts';
import { announceQdrantCloud, clusterAnswers, clusterTools } from './cluster-tools.ts';
import type { CreatedQdrant } from './create-qdrant.ts';

/** What is known of a run that has a management key and no key of the cluster: it makes one for itself. */
export type ManagedClusterState = InterviewState & {
  /** Null where the account has no such cluster: then address and key are asked for. */
  managedCluster?: CreatedQdrant | null;
};

/** Whether the run makes its own key of the cluster; also while that is not known yet. */
export function isManaged({ answers, managedCluster }: ManagedClusterState): boolean {
  const { QDRANT_CLOUD_API_KEY: management, QDRANT_API_KEY: key } = answers;
  return management !== undefined && key === undefined && managedCluster !== null;
}

/** The answers with what the run made for itself. */
export function withManaged({ answers, managedCluster }: ManagedClusterState): Answers {
  return { ...managedCluster?.answers, ...answers };
}

/**
 * This run's own key of the cluster that QDRANT_URL names, or that this machine made for the folder. It ends when the
 * fact is dropped; what a finished flow keeps, its caller ends.
 */
export function managedClusterResource<S extends ManagedClusterState>(
  session: Session,
  { inputs, isActive }: { inputs: Pick<CommandInputs, 'http'>; isActive(state: S): boolean },
): Resource<S> {
  return {
    id: 'managed-cluster',
    key: (state) => {
      const { QDRANT_CLOUD_API_KEY: key, QDRANT_API_KEY: own, QDRANT_URL: url } = state.answers;
      return key !== undefined && own === undefined && isActive(state) ? [key, url] : null;
    },
    load: async ({ answers }, signal) => {
      const { QDRANT_CLOUD_API_KEY: key, QDRANT_URL: url } = answers;
      if (key === undefined) return {};
      const managedCluster = await manageCluster(session, {
        inputs,
        key: key.value,
        url: url?.value ?? null,
        signal,
      });
      return { managedCluster } as Partial<S>;
    },
    release: async ({ managedCluster }) => managedCluster?.indexing.end(),
  };
}

/** Null where the account has no such cluster. Throws Failure. */
async function manageCluster(
  session: Session,
  options: { inputs: Pick<CommandInputs, 'http'>; key: Secret; url: Secret | null; signal: AbortSignal },
): Promise<CreatedQdrant | null> {
  const { inputs, key, url, signal } = options;
  announceQdrantCloud(session);
  const tools = clusterTools({ session, inputs }, { key, signal });
  try {
    const overview = await readCloudOverview(cloudOf(tools));
    const cluster =
      url === null
        ? await existingCluster(tools, { overview, chosen: null })
        : overview.clusters.find((candidate) => hostOf(addressOf(candidate)) === hostOf(url.reveal()));
    if (cluster == null) return null;
    const made = await provisionCluster(tools, { overview, chosen: cluster.id });
    return { ...made, answers: clusterAnswers(made) };
  } catch (error) {
    throw cloudRefusal(error);
  }
}
