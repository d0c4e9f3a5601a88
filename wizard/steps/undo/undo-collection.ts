import * as z from 'zod';
import type { Http } from '../../clients/http.ts';
import type { Credentials } from '../../model/credential.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { UndoAction } from './undo-action.ts';

/** Deletes the collection, when it is on the cluster of this key. Reads only. */
export function undoCollection(
  { http, signal }: { http: Http; signal: AbortSignal },
  { resource, credential }: { resource: CreatedResource; credential: Credentials['qdrant'] },
): UndoAction[] {
  const { id: collection, place } = resource;
  const base = credential.url.reveal();
  const service = 'qdrant';
  if (new URL(base).host !== place) {
    const what = `${collection} at ${place} stays: the key is another cluster’s`;
    return [{ service, resource, what, run: null }];
  }
  const headers: Record<string, string> =
    credential.key === null ? {} : { 'api-key': credential.key.reveal() };
  const url = `${base}/collections/${encodeURIComponent(collection)}`;
  const request = { service, what: `deleting the collection ${collection}`, method: 'DELETE', url } as const;
  const run = async (): Promise<void> => {
    await http.request({ ...request, headers, signal, schema: z.unknown() });
  };
  return [{ service, resource, what: `deletes the collection ${collection} at ${place}`, run }];
}
