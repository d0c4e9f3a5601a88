import type { SecretName } from '../../../server/contract.ts';
import type { Credentials } from '../../model/credential.ts';
import { exitCodes, Failure } from '../../model/failure.ts';
import type { Journal } from '../../model/run/journal.ts';
import { runSteps } from '../../run/run-steps.ts';
import { awaitBuild } from '../../steps/await-build.ts';
import { awaitHealth } from '../../steps/await-health.ts';
import { readHealth } from '../../deployment/server/health.ts';
import { qdrantHostOf } from '../../deployment/book/collection.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import { serverUrl } from '../../deployment/server/server-url.ts';
import { currentFingerprint, type NewSecrets, type HostedSettings } from '../../hosting/hosted-settings.ts';
import { setDeploymentId, setNewSecrets } from '../../steps/replacement-steps.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { restoreSecrets } from './restore-secrets.ts';
import { rotatableSecrets } from './rotatable-secrets.ts';
import { pairsOf } from './rotation-plan.ts';
import { preferencesOf } from '../../diagnosis/space-models.ts';
import { relay, type Session } from '../../model/runtime.ts';

type RotationInputs = {
  context: SpaceContext & { journal: Journal };
  inputs: CommandInputs;
  names: readonly SecretName[];
  settings: HostedSettings;
  host: string | null;
  credentials: Pick<Credentials, 'gemini' | 'qdrant' | 'postgres'>;
  changed: NewSecrets;
  /** The `DEPLOYMENT_ID` that follows from them. */
  id: string;
  /** The old password of the database has ended: it cannot be put back. */
  isReset: boolean;
};

/**
 * Writes what changed, secrets first, and proves that the server runs with it. A rotation that was cut off before its
 * proof is finished. Throws Failure.
 */
export async function applyRotation(session: Session, rotation: RotationInputs): Promise<CommandResult> {
  const { context, inputs, names, settings, host, credentials, changed, id, isReset } = rotation;
  const { space } = context.target;
  const previous = settings.variables['DEPLOYMENT_ID']?.value ?? null;
  const isHeld = Object.keys(changed).length === 0;
  const writing = isHeld ? [] : [setNewSecrets(changed)];
  const steps = [...writing, setDeploymentId({ id, previous }), awaitBuild, awaitHealth];
  try {
    await relay(runSteps({ context, steps }), session.emit);
  } catch (error) {
    context.signal.throwIfAborted();
    const isProven = await servesWith(context, { id, names });
    if (!isProven && (isHeld || isReset)) throw error;
    if (!isProven) throw await restoreSecrets(session, { context, inputs, settings, changed, error });
    const { message, remedy } = error instanceof Failure ? error : { message: String(error), remedy: '' };
    session.emit({ type: 'notice', code: 'something-else-ails', message, remedy });
  }
  if (changed.QDRANT_URL !== undefined) await noteCluster(context, { settings, credentials });
  sayWhatToRevoke(session, {
    isReset,
    marks: isHeld ? names.map((name) => [name, null]) : marksOf({ settings, changed }),
  });
  const health = host === null ? null : await readHealth(context, host);
  const deployment = { space, url: host, health: health?.status ?? 'unknown', frontend: null } as const;
  return { deployment, exitCode: exitCodes.done };
}

/** True when the server that answers runs with what was written, and none of these services is failing. */
async function servesWith(
  context: SpaceContext,
  { id, names }: { id: string; names: readonly SecretName[] },
): Promise<boolean> {
  const host = await serverUrl(context);
  const health = host === null ? null : await readHealth(context, host);
  if (health?.deployment_id !== id || health.status === 'starting') return false;
  const failed = health.failed_services ?? [];
  return names.every((name) => !failed.includes(rotatableSecrets[name].service));
}

/** So that the next rotation of its key knows the cluster, and an undo knows that its collection existed before. */
async function noteCluster(
  { journal }: { journal: Journal },
  options: { settings: HostedSettings; credentials: Pick<Credentials, 'gemini' | 'qdrant' | 'postgres'> },
): Promise<void> {
  const { collection: id } = preferencesOf(options.settings);
  const place = qdrantHostOf(options);
  const entry = { step: 'set-secrets', change: 'changed', thing: 'collection', id, place } as const;
  await journal.add({ ...entry, type: 'done', previous: null });
}

type Mark = readonly [SecretName, string | null];

function marksOf({ settings, changed }: { settings: HostedSettings; changed: NewSecrets }): Mark[] {
  return pairsOf(changed).map(([name]) => [name, currentFingerprint(settings, name)]);
}

function sayWhatToRevoke(
  session: Session,
  { marks, isReset }: { marks: readonly Mark[]; isReset: boolean },
): void {
  for (const [name, mark] of marks) {
    if (isReset && name === 'DATABASE_URL') {
      const message = `${name}: the server runs with the new password. The old one has ended.`;
      session.emit({ type: 'notice', code: 'revoked', message, remedy: '' });
      continue;
    }
    const { revokeAt } = rotatableSecrets[name];
    const old = `The old one (${mark === null ? 'no fingerprint was kept' : `fingerprint ${mark}`})`;
    const isPlace = name === 'QDRANT_URL';
    session.emit({
      type: 'notice',
      code: isPlace ? 'left-behind' : 'revoke',
      message: isPlace
        ? `${name}: the server runs with the new cluster. ${old} still holds the book.`
        : `${name}: the server runs with the new value. ${old} works until you revoke it.`,
      remedy: isPlace ? `Delete it, if nothing else needs it, on ${revokeAt}` : `Revoke it on ${revokeAt}`,
    });
  }
}
