import type { SpaceSecrets, SpaceVariables } from '../../clients/hub-schemas.ts';
import { hubOf, type SpaceContext } from '../context.ts';
import { once } from '../remote-state.ts';

/** The name by which `forget` knows them. */
export const settingsFact = 'space-settings';

/** A Space’s secrets, without their values, and its variables: read once, until something is written. */
export function readSpaceSettings(
  context: SpaceContext,
): Promise<{ secrets: SpaceSecrets; variables: SpaceVariables }> {
  const { space } = context.target;
  return once(context, settingsFact, async () => {
    const hub = hubOf(context);
    const [secrets, variables] = await Promise.all([hub.secrets(space), hub.variables(space)]);
    return { secrets, variables };
  });
}
