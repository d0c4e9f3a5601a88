import { z } from 'zod';
import type { Http } from '../../clients/http.ts';
import { targetsOf } from '../../clients/vercel-schemas.ts';
import type { Credentials, VercelProject } from '../../model/credential.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { Service } from '../../model/service.ts';
import { fingerprintIn } from '../../hosting/space/fingerprint.ts';
import { vercelOf } from '../../deployment/context.ts';
import { findVariable, parseVariableId } from '../../deployment/frontend/frontend-variable.ts';

/** One thing to be taken back, as a person reads it. `run` is null for what cannot be, and stays. */
export type UndoAction = {
  service: Service;
  resource: CreatedResource;
  what: string;
  run: (() => Promise<void>) | null;
};

type Tools = { http: Http; signal: AbortSignal };

/** The frontend's variable: removed, or what it was. One that somebody has set since is left alone. Reads only. */
export async function undoFrontendVariable(
  { http, signal }: Tools,
  of: { made: CreatedResource; project: VercelProject; credential: Credentials['vercel'] },
): Promise<UndoAction[]> {
  const { made, project, credential } = of;
  const { id, change, previous } = made;
  const { name: key, target } = parseVariableId(id);
  const label = target === 'production' ? key : `${key} (${target})`;
  const { teamId } = project;
  const vercel = vercelOf({ credentials: { vercel: credential }, target: { teamId }, http, signal });
  const standing = findVariable(await vercel.variables(project.id), { name: key, target });
  const service = 'vercel';
  if (standing === null) return [];
  if (fingerprintIn(standing.comment) === null) {
    return [
      {
        service,
        resource: made,
        what: `${label} of ${project.name} stays: it was set by somebody else since`,
        run: null,
      },
    ];
  }
  if (change === 'created') {
    const isAlone = targetsOf(standing).length === 1;
    if (!isAlone)
      return [{ service, resource: made, what: `${label} stays: it has other targets by now`, run: null }];
    const run = (): Promise<void> => vercel.removeVariable(project.id, standing.id);
    return [{ service, resource: made, what: `removes the variable ${label} of ${project.name}`, run }];
  }
  if (previous === null) {
    return [{ service, resource: made, what: `${label} stays: its old value is not known`, run: null }];
  }
  const type = standing.type === 'sensitive' ? 'sensitive' : 'plain';
  const run = (): Promise<void> =>
    vercel.upsertVariable(project.id, { key, value: previous, type, target, comment: '' });
  return [{ service, resource: made, what: `${project.name}: ${label} is ${previous} again`, run }];
}

/** The collection, when it is on this cluster and this tool created it. */
export function undoCollection(
  { http, signal }: Tools,
  { made, credential }: { made: CreatedResource; credential: Credentials['qdrant'] },
): UndoAction[] {
  const { id: collection, place } = made;
  const base = credential.url.reveal();
  const service = 'qdrant';
  if (new URL(base).host !== place) {
    return [
      {
        service,
        resource: made,
        what: `${collection} at ${place} stays: the key is another cluster’s`,
        run: null,
      },
    ];
  }
  const headers: Record<string, string> =
    credential.key === null ? {} : { 'api-key': credential.key.reveal() };
  const url = `${base}/collections/${encodeURIComponent(collection)}`;
  const request = { service, what: `deleting the collection ${collection}`, method: 'DELETE', url } as const;
  const run = async (): Promise<void> => {
    await http.request({ ...request, headers, signal, schema: z.unknown() });
  };
  return [{ service, resource: made, what: `deletes the collection ${collection} at ${place}`, run }];
}
