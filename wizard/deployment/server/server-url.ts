import { hubOf, type SpaceContext } from '../context.ts';

/** Origin of the server: what the Hub says of the Space, or the one given; null while there is none. */
export async function serverUrl(context: SpaceContext): Promise<string | null> {
  if (context.settings.apiUrl !== null) return new URL(context.settings.apiUrl).origin;
  const url = await context.state.serverUrl(() => readSpaceUrl(context));
  // A Space keeps its address; one that is not there yet gets it later.
  if (url === null) context.state.invalidate('serverUrl');
  return url;
}

async function readSpaceUrl(context: SpaceContext): Promise<string | null> {
  const { space } = context.target;
  const hub = hubOf(context);
  const info = await hub.space(space);
  if (info === null) return null;
  if (info.host != null && info.host !== '') return new URL(info.host).origin;
  return hub.host(space);
}
