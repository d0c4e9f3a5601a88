import { secretNames, variableNames } from '../../../server/contract.ts';
import { deploymentId } from '../../hosting/deployment-id.ts';
import { hostingOf } from '../../hosting/hosting-of.ts';
import {
  currentFingerprint,
  secretFingerprint,
  type NewSecrets,
  type HostedSettings,
} from '../../hosting/hosted-settings.ts';
import type { SpaceContext } from '../context.ts';
import { ourLimits } from './chat-limits.ts';

/**
 * The `DEPLOYMENT_ID` that the place has once some secrets, or its files, are replaced. It is what a deployment would compute of the
 * files, variables and fingerprints in the Space, so that a later deployment finds nothing to write.
 */
export async function changedDeploymentId(
  context: SpaceContext,
  {
    settings,
    changed = {},
    digest,
  }: {
    settings: HostedSettings;
    changed?: NewSecrets;
    /** Of the files, where they are replaced. */
    digest?: string;
  },
): Promise<string> {
  const payloadDigest = digest ?? (await hostingOf(context).currentDigest());
  const fingerprints = secretNames.flatMap((name): [string, string][] => {
    const secret = changed[name];
    const mark =
      secret === undefined ? currentFingerprint(settings, name) : secretFingerprint(context, secret);
    return mark === null ? [] : [[name, mark]];
  });
  const variables = variableNames.flatMap((name): [string, string][] => {
    const value = settings.variables[name]?.value;
    return value === undefined || name === 'DEPLOYMENT_ID' ? [] : [[name, value]];
  });
  return deploymentId({
    payloadDigest,
    settings: Object.fromEntries([...variables, ...ourLimits(settings.variables), ...fingerprints]),
  });
}
