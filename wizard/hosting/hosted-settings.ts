import type { SecretName } from '../../server/contract.ts';
import type { HostedSecrets, HostedVariables } from '../clients/hub-schemas.ts';
import type { Secret } from '../model/secret.ts';
import { fingerprint, fingerprintIn } from './fingerprint.ts';

/** What the server's place holds besides its files; no vendor returns a secret's value. */
export type HostedSettings = { secrets: HostedSecrets; variables: HostedVariables };

/** Values that are to replace secrets. */
export type NewSecrets = Partial<Record<SecretName, Secret>>;

/** A deployment's place: `owner/name` of a Space, or that of a Vercel project. */
type Place = { target: { space: string } };

/** The fingerprint of a secret in its place; null when its description has none of ours. */
export function currentFingerprint(
  { secrets }: Pick<HostedSettings, 'secrets'>,
  name: SecretName,
): string | null {
  return fingerprintIn(secrets[name]?.description);
}

/** The fingerprint that a secret would have in this place. */
export function secretFingerprint({ target }: Place, secret: Secret): string {
  return fingerprint({ space: target.space, value: secret.reveal() });
}

/** True when the place holds this secret under that name. */
export function isCurrentSecret(
  place: Place,
  { settings, name, secret }: { settings: HostedSettings; name: SecretName; secret: Secret },
): boolean {
  return currentFingerprint(settings, name) === secretFingerprint(place, secret);
}
