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
  options: {
    settings: HostedSettings;
    changed: NewSecrets;
    id: string;
    /** Neon makes the database's new password once the plan is accepted. */
    isReset: boolean;
  },
): Plan {
  const { settings, changed, id, isReset } = options;
  const service = hostingService(context);
  const kind = 'changes';
  const replaced = (name: SecretName, next: string): string =>
    `${name} (${currentFingerprint(settings, name) ?? 'unknown'} → ${next})`;
  const secrets = [
    ...pairsOf(changed).map(([name, secret]) => replaced(name, secretFingerprint(context, secret))),
    ...(isReset ? [replaced('DATABASE_URL', 'a new password, made at Neon')] : []),
  ];
  const proof = 'its server says that it runs with the new value';
  return {
    target: { space: context.target.space, project: null, team: null, environment: 'production' },
    changes: [
      ...(secrets.length === 0
        ? []
        : [{ step: 'set-secrets', service, kind, what: secrets.join(', ') } as const]),
      { step: 'set-variables', service, kind, what: isReset ? 'DEPLOYMENT_ID' : `DEPLOYMENT_ID: ${id}` },
      { step: 'await-build', service, kind, what: `${hostingOf(context).noun} restarts, about a minute` },
      { step: 'await-health', service, kind, what: proof },
    ],
    remarks: [
      ...(isReset ? ['The old password ends first: until the restart no conversation is kept.'] : []),
      'Readers may wait for a moment while the server restarts. About 1 minute.',
    ],
  };
}

export function pairsOf(secrets: NewSecrets): [SecretName, NonNullable<NewSecrets[SecretName]>][] {
  return Object.entries(secrets) as [SecretName, NonNullable<NewSecrets[SecretName]>][];
}
