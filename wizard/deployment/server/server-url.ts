import { hostingOf, hostingService } from '../../hosting/hosting-of.ts';
import { Failure } from '../../model/failure.ts';
import type { SpaceContext } from '../context.ts';

/** Origin of the server: the Space's, or the one given with `--api-url`; null while there is none. */
export async function serverUrl(context: SpaceContext): Promise<string | null> {
  if (context.settings.apiUrl !== null) return new URL(context.settings.apiUrl).origin;
  const url = await context.state.serverUrl(() => hostingOf(context).address());
  // A Space keeps its address, but a missing one may be there at the next read.
  if (url === null) context.state.invalidate('serverUrl');
  return url;
}

/** For a run that cannot continue without the address. */
export function noServerUrl(context: SpaceContext): Failure {
  const { noun, label } = hostingOf(context);
  return new Failure({
    code: 'space-without-address',
    service: hostingService(context),
    message: `No address is named for ${noun} ${label}.`,
    remedy: 'Run again in a minute.',
  });
}
