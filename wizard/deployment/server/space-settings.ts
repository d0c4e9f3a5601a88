import { readSpaceSettings, type SpaceSettings } from '../../hosting/space/space-settings.ts';
import type { SpaceContext } from '../context.ts';

/** The Space's secrets and variables, read once until something is written. */
export function spaceSettingsOf(context: SpaceContext): Promise<SpaceSettings> {
  return context.state.spaceSettings(() => readSpaceSettings(context));
}
