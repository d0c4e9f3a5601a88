import { hubOf, type SpaceContext } from '../context.ts';
import type { SpaceSettings } from '../remote-state.ts';

/** A Space’s secrets, without their values, and its variables: read once, until something is written. */
export function readSpaceSettings(context: SpaceContext): Promise<SpaceSettings> {
  const { space } = context.target;
  return context.state.spaceSettings(async () => {
    const hub = hubOf(context);
    const [secrets, variables] = await Promise.all([hub.secrets(space), hub.variables(space)]);
    return { secrets, variables };
  });
}
