import { readSpaceUrl } from '../../hosting/space/space-url.ts';
import { Failure } from '../../model/failure.ts';
import type { SpaceContext } from '../context.ts';

/** Origin of the server: the Space's, or the one given with `--api-url`; null while there is none. */
export async function serverUrl(context: SpaceContext): Promise<string | null> {
  if (context.settings.apiUrl !== null) return new URL(context.settings.apiUrl).origin;
  const url = await context.state.serverUrl(() => readSpaceUrl(context));
  // A Space keeps its address, but a missing one may be there at the next read.
  if (url === null) context.state.invalidate('serverUrl');
  return url;
}

/** For a run that cannot continue without the address. */
export function noServerUrl({ target }: Pick<SpaceContext, 'target'>): Failure {
  return new Failure({
    code: 'space-without-address',
    service: 'huggingface',
    message: `The Hub names no address for the Space ${target.space}.`,
    remedy: 'Run again in a minute.',
  });
}
