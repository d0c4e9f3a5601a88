import { basename } from 'node:path';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { Answers } from '../../model/answers.ts';
import { hostLine } from '../../model/hosts.ts';
import type { Session } from '../../model/runtime.ts';
import type { Secret } from '../../model/secret.ts';
import type { IndexingKey } from '../../provisioning/qdrant/cluster-keys.ts';
import type { ClusterTools } from '../../provisioning/qdrant/provision-cluster.ts';
import { qdrantCloudEndpoint } from '../../provisioning/qdrant/qdrant-cloud-endpoint.ts';

/** The address, and the key of this run. */
export function clusterAnswers({ url, indexing }: { url: Secret; indexing: IndexingKey }): Answers {
  const source = 'Qdrant Cloud';
  return {
    QDRANT_URL: { value: url, source, cleaned: [] },
    QDRANT_API_KEY: { value: indexing.key, source, cleaned: [] },
  };
}

export function announceQdrantCloud({ emit, runtime }: Session): void {
  if (!runtime.rehearsal)
    emit({ type: 'notice', code: 'contacts', message: hostLine('qdrant-cloud'), remedy: '' });
}

/** Of a cluster that is made for the book in the working folder. */
export function clusterName({ runtime }: Pick<Session, 'runtime'>): string {
  const folder = basename(runtime.cwd)
    .replaceAll(/[^\w-]/g, '-')
    .slice(0, 40);
  return `${folder || 'book'}-chat`;
}

export function clusterTools(
  { session, inputs }: { session: Session; inputs: Pick<CommandInputs, 'http'> },
  { key, signal }: { key: Secret; signal: AbortSignal },
): ClusterTools {
  const { env, stateDir, cwd: folder, now, sleep } = session.runtime;
  const apiUrl = qdrantCloudEndpoint(env);
  const name = clusterName(session);
  const onCreate = (made: string): void => {
    const message = `Makes the cluster ${made} at Qdrant Cloud, which takes about a minute.`;
    session.emit({ type: 'notice', code: 'creating', message, remedy: '' });
  };
  return { apiUrl, http: inputs.http, signal, stateDir, folder, name, key, onCreate, now, sleep };
}
