import { hostedSettingsOf } from '../../../deployment/server/hosted-settings-of.ts';
import { currentFingerprint } from '../../../hosting/hosted-settings.ts';
import { fingerprint } from '../../../hosting/fingerprint.ts';
import type { Resource } from '../../../interview/fact-store.ts';
import { Secret } from '../../../model/secret.ts';
import type { Session } from '../../../model/runtime.ts';
import { removeReplacedKeys, serverKeyFor } from '../../../provisioning/qdrant/cluster-keys.ts';
import { cloudRefusal } from '../../../provisioning/qdrant/provision-cluster.ts';
import type { DeployState } from '../deploy-state.ts';
import { orPlanFailure } from '../recover-from-refusal.ts';
import { buildRunContext } from '../run-context.ts';

/** Whether the server is to get a key of its own, and it is not known yet. */
export function needsServerKey(
  { flags }: Pick<Session, 'flags'>,
  { createdQdrant, qdrantServerKey }: DeployState,
): boolean {
  return flags.apiUrl === null && createdQdrant !== undefined && qdrantServerKey === undefined;
}

/** The key that only reads, once it is known what the server has. */
export function serverKeyResource(session: Session): Resource<DeployState> {
  return {
    id: 'qdrant-server-key',
    key: ({ draft, createdQdrant }) =>
      draft === undefined || createdQdrant === undefined || session.flags.apiUrl !== null
        ? null
        : [draft, createdQdrant],
    load: (state) =>
      orPlanFailure(session, {
        state,
        load: async () => {
          const { createdQdrant } = state;
          if (createdQdrant === undefined) return {};
          const context = buildRunContext(session, state);
          const current = currentFingerprint(await hostedSettingsOf(context), 'QDRANT_API_KEY');
          const { space } = context.target;
          try {
            return { qdrantServerKey: await serverKeyFor(createdQdrant.keyTools, { space, current }) };
          } catch (error) {
            throw cloudRefusal(error);
          }
        },
      }),
  };
}

/** Ends a run's use of a cluster: its own key is deleted, and after a success the server's replaced ones. */
export async function endClusterUse({
  createdQdrant,
  qdrantServerKey,
  run,
  result,
}: DeployState): Promise<void> {
  if (createdQdrant === undefined) return;
  const { keyTools, indexing } = createdQdrant;
  const space = run?.context.target.space;
  try {
    if (result !== undefined && space !== undefined && qdrantServerKey instanceof Secret) {
      const current = fingerprint({ space, value: qdrantServerKey.reveal() });
      await removeReplacedKeys({ ...keyTools, cloud: keyTools.atEnd() }, { space, current });
    }
  } finally {
    await indexing.end();
  }
}
