import { createHash } from 'node:crypto';
import { secretNames, variableNames, type SecretName } from '../../server/contract.ts';
import type { SpaceSecrets, SpaceVariables } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/run/event.ts';
import type { Secret } from '../model/secret.ts';
import { deploymentId } from '../hosting/space/deployment-id.ts';
import { fingerprint, fingerprintIn, marker, noteFor } from '../hosting/space/fingerprint.ts';
import { digestOf, shippedFiles } from '../hosting/space/payload.ts';
import { hubOf, type SpaceContext } from '../deployment/context.ts';
import { withJournal, progress, planChange, type StepResult, type StepPlan } from './step.ts';

export type NewSecrets = Partial<Record<SecretName, Secret>>;

/** What the Space keeps beside its secrets and which no one but its owner can read. */
export type SpaceSettings = { secrets: SpaceSecrets; variables: SpaceVariables };

/** The first 8 hex digits by which a secret in the Space is told from another; null where none was noted. */
export function currentFingerprint(
  { secrets }: Pick<SpaceSettings, 'secrets'>,
  name: SecretName,
): string | null {
  return fingerprintIn(secrets[name]?.description);
}

export function secretFingerprint({ target }: Pick<SpaceContext, 'target'>, secret: Secret): string {
  return fingerprint({ space: target.space, value: secret.reveal() });
}

/** True when the secret is what the Space holds under that name. */
export function isCurrentSecret(
  context: Pick<SpaceContext, 'target'>,
  { standing, name, secret }: { standing: SpaceSettings; name: SecretName; secret: Secret },
): boolean {
  return currentFingerprint(standing, name) === secretFingerprint(context, secret);
}

/**
 * The `DEPLOYMENT_ID` that the Space has with other secrets: what a deployment would compute of the files, settings
 * and fingerprints that stand there, so that it finds nothing to write afterwards.
 */
export async function deploymentIdWith(
  context: SpaceContext,
  { standing, changed }: { standing: SpaceSettings; changed: NewSecrets },
): Promise<string> {
  const payloadDigest = digestOf(await currentFiles(context));
  const marks = secretNames.flatMap((name): [string, string][] => {
    const secret = changed[name];
    const mark =
      secret === undefined ? currentFingerprint(standing, name) : secretFingerprint(context, secret);
    return mark === null ? [] : [[name, mark]];
  });
  const variables = variableNames.flatMap((name): [string, string][] => {
    const value = standing.variables[name]?.value;
    return value === undefined || name === 'DEPLOYMENT_ID' ? [] : [[name, value]];
  });
  return deploymentId({ payloadDigest, settings: Object.fromEntries([...variables, ...marks]) });
}

async function currentFiles(context: SpaceContext): Promise<{ path: string; sha256: string }[]> {
  const { space } = context.target;
  const hub = hubOf(context);
  const ours = new Set<string>([...shippedFiles, 'book.json']);
  const files = (await hub.files(space)).filter(({ path }) => ours.has(path));
  return Promise.all(
    files.map(async ({ path, lfs }) => {
      if (lfs != null) return { path, sha256: lfs.oid };
      const content = await hub.download({ space, path });
      return { path, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  );
}

/** Writes secrets one after the other: the Hub loses parallel writes. */
export function setNewSecrets(changed: NewSecrets) {
  const me = { id: 'set-secrets', service: 'huggingface' } as const;
  const names = secretNames.filter((name) => changed[name] !== undefined);
  async function* run(context: SpaceContext): AsyncGenerator<RunEvent, StepResult> {
    const { space } = context.target;
    for (const [done, name] of names.entries()) {
      const value = changed[name]?.reveal() ?? '';
      yield progress(me, { done, total: names.length, note: name });
      const entry = { step: me.id, change: 'changed', thing: 'secret', id: name, place: space } as const;
      await withJournal(context, { ...entry, previous: null }, () =>
        hubOf(context).setSecret(space, { key: name, value, description: noteFor({ space, value }) }),
      );
    }
    return { outcome: 'changed', reason: `${names.join(', ')} set` };
  }
  const inspect = async (context: SpaceContext): Promise<StepPlan> =>
    planChange(me, 'changes', names.join(', '), () => run(context));
  return { ...me, inspect };
}

/** Written last: the server that reports it runs with everything that was written before. */
export function setDeploymentId({ id, previous }: { id: string; previous: string | null }) {
  const me = { id: 'set-variables', service: 'huggingface' } as const;
  const key = 'DEPLOYMENT_ID';
  // oxlint-disable-next-line require-yield -- one call has no progress worth telling
  async function* run(context: SpaceContext): AsyncGenerator<RunEvent, StepResult> {
    const { space } = context.target;
    const entry = { step: me.id, change: 'changed', thing: 'variable', id: key, place: space } as const;
    await withJournal(context, { ...entry, previous }, () =>
      hubOf(context).setVariable(space, { key, value: id, description: marker }),
    );
    return { outcome: 'changed', reason: `${key} = ${id}` };
  }
  const inspect = async (context: SpaceContext): Promise<StepPlan> =>
    planChange(me, 'changes', `${key}: ${id}`, () => run(context));
  return { ...me, inspect };
}
