import type { CommandInputs } from '../deployment/command-inputs.ts';
import { diagnoseClusters, diagnoseServerKey, diagnoseWritingKey } from './diagnose-clusters.ts';
import type { Finding } from './finding.ts';
import { HttpFailure } from '../clients/http-failure.ts';
import { isCurrentSecret, type HostedSettings } from '../hosting/hosted-settings.ts';
import { confirmChoice } from '../interview/confirm-choice.ts';
import { announceQdrantCloud, clusterTools } from '../interview/provisioning/cluster-tools.ts';
import type { Credentials } from '../model/credential.ts';
import type { Session } from '../model/runtime.ts';
import { removeKey } from '../provisioning/qdrant/cluster-keys.ts';
import { readClusterReports, type ClusterReport } from '../provisioning/qdrant/cluster-reports.ts';
import { cloudRefusal } from '../provisioning/qdrant/provision-cluster.ts';

/** The clusters that a management key reaches; none without one. Qdrant Cloud not answering is no finding. */
export async function clusterReports(
  session: Session,
  inputs: CommandInputs,
): Promise<readonly ClusterReport[]> {
  const { QDRANT_CLOUD_API_KEY: key, QDRANT_URL: url } = inputs.answers;
  if (key === undefined) return [];
  announceQdrantCloud(session);
  const tools = clusterTools({ session, inputs }, { key: key.value, signal: session.runtime.signal });
  try {
    return await readClusterReports(tools, { url: url?.value.reveal() ?? null });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const message = `The clusters were not looked at: ${error.message}`;
    session.emit({ type: 'notice', code: 'not-looked-at', message, remedy: '' });
    return [];
  }
}

/** What is wrong with the clusters, and with the key that the server has of one. */
export function clusterFindings(
  { runtime }: Session,
  options: {
    reports: readonly ClusterReport[];
    place: { target: { space: string } };
    settings: HostedSettings | null;
    qdrant: Credentials['qdrant'] | undefined;
  },
): Finding[] {
  const { reports, place, settings, qdrant } = options;
  const now = runtime.now();
  const key = qdrant?.key ?? null;
  const isServers =
    key !== null &&
    settings !== null &&
    isCurrentSecret(place, { settings, name: 'QDRANT_API_KEY', secret: key });
  const canBeMade = reports.some(({ isNamed }) => isNamed);
  return [
    ...diagnoseClusters(reports, { now }),
    ...(isServers ? diagnoseServerKey(key.reveal(), { now }) : []),
    ...(qdrant === undefined ? [] : diagnoseWritingKey({ access: qdrant.access, canBeMade, isServers })),
  ];
}

/** Offers, one by one, what this tool can put right itself; only in a terminal. Throws Failure. */
export async function offerClusterRemedies(
  session: Session,
  reports: readonly ClusterReport[],
): Promise<void> {
  const { renderer, flags } = session;
  if (!renderer.canAsk || flags.yes) return;
  const say = (message: string): void =>
    session.emit({ type: 'notice', code: 'remedied', message, remedy: '' });
  try {
    for (const { cluster, keyTools, isSuspended, left } of reports) {
      const { cloud, account } = keyTools;
      if (
        isSuspended &&
        (await isWanted(session, `Resume the Qdrant cluster ${cluster.name}?`, 'Resume it'))
      ) {
        await cloud.unsuspend(account, cluster.id);
        say(`The cluster ${cluster.name} is being resumed, which takes some minutes.`);
      }
      for (const key of left) {
        if (!(await isWanted(session, `Delete the key ${key.name}?`, 'Delete it'))) continue;
        await removeKey(keyTools, key);
        say(`The key ${key.name} is deleted.`);
      }
    }
  } catch (error) {
    throw cloudRefusal(error);
  }
}

function isWanted(session: Session, title: string, yes: string): Promise<boolean> {
  return confirmChoice(session, { title, lines: [], yes, no: 'Leave it as it is' });
}
