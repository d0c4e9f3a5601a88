import { hostingOf } from '../../hosting/hosting-of.ts';
import type { HostedSettings } from '../../hosting/hosted-settings.ts';
import type { SpaceContext } from '../context.ts';

/** The secrets and variables of the server's place, read once until something is written. */
export function hostedSettingsOf(context: SpaceContext): Promise<HostedSettings> {
  return context.state.hostedSettings(() => hostingOf(context).settings());
}
