import { HttpFailure } from '../../clients/http-failure.ts';
import { isLoopback } from '../../model/formats/endpoints.ts';
import type { FunctionAccess } from './function-access.ts';

/** The origin that serves production, as Vercel names it: `NAME.vercel.app` may belong to another user. Null while there is none. */
export async function functionUrl({ vercel, place }: FunctionAccess): Promise<string | null> {
  const hosts = await vercel.productionHosts(place.name).catch((error: unknown) => {
    if (error instanceof HttpFailure && error.status === 404) return [];
    throw error;
  });
  const [host] = hosts;
  if (host === undefined) return null;
  return `${isLoopback(new URL(`http://${host}`).hostname) ? 'http' : 'https'}://${host}`;
}
