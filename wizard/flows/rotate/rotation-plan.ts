import type { SecretName } from '../../../server/contract.ts';
import type { Credentials } from '../../model/credential.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import {
  isCurrentSecret,
  secretFingerprint,
  currentFingerprint,
  type NewSecrets,
  type HostedSettings,
} from '../../hosting/hosted-settings.ts';
import { hostingOf, hostingService } from '../../hosting/hosting-of.ts';
import { rotatableSecrets } from './rotatable-secrets.ts';

type ProvenValues = {
  names: readonly SecretName[];
  credentials: Pick<Credentials, 'gemini' | 'qdrant' | 'postgres'>;
  settings: HostedSettings;
  /** False when the cluster’s address is only known from the journal. */
  isClusterGiven: boolean;
};

/** Of the values that were proved, those that are not in the Space already. */
export function changedSecrets(context: SpaceContext, proven: ProvenValues): NewSecrets {
  const { names, credentials, settings, isClusterGiven } = proven;
  const { gemini, qdrant, postgres } = credentials;
  const secrets: NewSecrets = {
    ...(names.includes('GEMINI_API_KEY') && { GEMINI_API_KEY: gemini.key }),
    ...(names.includes('DATABASE_URL') && { DATABASE_URL: postgres.url }),
    ...(names.some((name) => rotatableSecrets[name].service === 'qdrant') && {
      // A key belongs to one cluster: an address that was given goes with it.
      ...(isClusterGiven && { QDRANT_URL: qdrant.url }),
      ...(qdrant.key !== null && { QDRANT_API_KEY: qdrant.key }),
    }),
  };
  return Object.fromEntries(
    pairsOf(secrets).filter(([name, secret]) => !isCurrentSecret(context, { settings, name, secret })),
  );
}

/** What a rotation does, for a person to accept; values by their fingerprints alone. */
export function rotationPlan(
  context: SpaceContext,
  { settings, changed, id }: { settings: HostedSettings; changed: NewSecrets; id: string },
): Plan {
  const service = hostingService(context);
  const kind = 'changes';
  const secrets = pairsOf(changed).map(
    ([name, secret]) =>
      `${name} (${currentFingerprint(settings, name) ?? 'unknown'} → ${secretFingerprint(context, secret)})`,
  );
  const proof = 'its server says that it runs with the new value';
  return {
    target: { space: context.target.space, project: null, team: null, environment: 'production' },
    changes: [
      ...(secrets.length === 0
        ? []
        : [{ step: 'set-secrets', service, kind, what: secrets.join(', ') } as const]),
      { step: 'set-variables', service, kind, what: `DEPLOYMENT_ID: ${id}` },
      { step: 'await-build', service, kind, what: `${hostingOf(context).noun} restarts, about a minute` },
      { step: 'await-health', service, kind, what: proof },
    ],
    remarks: ['Readers may wait for a moment while the server restarts. About 1 minute.'],
  };
}

export function pairsOf(secrets: NewSecrets): [SecretName, NonNullable<NewSecrets[SecretName]>][] {
  return Object.entries(secrets) as [SecretName, NonNullable<NewSecrets[SecretName]>][];
}
