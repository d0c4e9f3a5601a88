import type { SecretName } from '../../../server/contract.ts';
import type { SpaceSecrets, SpaceVariables } from '../../clients/hub-schemas.ts';
import type { Secret } from '../../model/secret.ts';
import { fingerprint, fingerprintIn } from './fingerprint.ts';
import { hubOf, type SpaceAccess } from './space-access.ts';

/** What a Space holds besides its files; the Hub never returns a secret's value. */
export type SpaceSettings = { secrets: SpaceSecrets; variables: SpaceVariables };

/** Values that are to replace secrets of a Space. */
export type NewSecrets = Partial<Record<SecretName, Secret>>;

/** Reads the names of the secrets, and the variables. */
export async function readSpaceSettings(access: SpaceAccess): Promise<SpaceSettings> {
  const { space } = access.target;
  const hub = hubOf(access);
  const [secrets, variables] = await Promise.all([hub.secrets(space), hub.variables(space)]);
  return { secrets, variables };
}

/** The fingerprint of a secret in the Space; null when its description has none of ours. */
export function currentFingerprint(
  { secrets }: Pick<SpaceSettings, 'secrets'>,
  name: SecretName,
): string | null {
  return fingerprintIn(secrets[name]?.description);
}

/** The fingerprint that a secret would have in this Space. */
export function secretFingerprint({ target }: Pick<SpaceAccess, 'target'>, secret: Secret): string {
  return fingerprint({ space: target.space, value: secret.reveal() });
}

/** True when the Space holds this secret under that name. */
export function isCurrentSecret(
  access: Pick<SpaceAccess, 'target'>,
  { settings, name, secret }: { settings: SpaceSettings; name: SecretName; secret: Secret },
): boolean {
  return currentFingerprint(settings, name) === secretFingerprint(access, secret);
}
