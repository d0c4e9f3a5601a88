import { hubOf, type SpaceAccess } from './space-access.ts';

/** Origin that serves the Space, as the Hub reports it; null while it names none, or when there is no such Space. */
export async function readSpaceUrl(access: SpaceAccess): Promise<string | null> {
  const { space } = access.target;
  const hub = hubOf(access);
  const info = await hub.space(space);
  if (info === null) return null;
  if (info.host != null && info.host !== '') return new URL(info.host).origin;
  return hub.host(space);
}
