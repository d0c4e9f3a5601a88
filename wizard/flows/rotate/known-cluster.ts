import type { SecretName } from '../../../server/contract.ts';
import type { Answer } from '../../model/answers.ts';
import { Secret } from '../../model/secret.ts';
import { originOf } from '../../deployment/frontend/allowed-origins.ts';
import { currentFingerprint, isCurrentSecret, type HostedSettings } from '../../hosting/hosted-settings.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import type { KnownSpace } from '../../interview/targets/choose-space.ts';
import { rotatableSecrets } from './rotatable-secrets.ts';

/** Host and port of the cluster that the book was last written to from this machine. */
export function journaledCluster({ entries }: KnownSpace): Answer<Secret> | null {
  const host = entries.findLast(({ thing }) => thing === 'collection')?.place;
  return host === undefined ? null : { value: new Secret(originOf(host)), source: 'journal', cleaned: [] };
}

/**
 * The address of the cluster that the Space uses, when its key alone is replaced: the Hub reveals no secret, but the
 * journal names the cluster that the book was written to. Null where another machine has changed it since.
 */
export function clusterOfSpace(
  cluster: Answer<Secret> | null,
  options: {
    names: readonly SecretName[];
    /** Null until the Space's settings are read. */
    space: { context: SpaceContext; settings: HostedSettings } | null;
  },
): Answer<Secret> | null {
  const { names, space } = options;
  const isForQdrant = names.some((name) => rotatableSecrets[name].service === 'qdrant');
  if (!isForQdrant || names.includes('QDRANT_URL') || cluster === null) return null;
  if (space === null) return cluster;
  const { context, settings } = space;
  const name = 'QDRANT_URL';
  const hasFingerprint = currentFingerprint(settings, name) !== null;
  const isCurrent = isCurrentSecret(context, { settings, name, secret: cluster.value });
  return hasFingerprint && !isCurrent ? null : cluster;
}
