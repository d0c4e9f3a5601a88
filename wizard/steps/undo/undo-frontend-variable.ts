import type { Http } from '../../clients/http.ts';
import { targetsOf } from '../../clients/vercel-schemas.ts';
import { vercelOf } from '../../deployment/context.ts';
import { findVariable, parseVariableId } from '../../deployment/frontend/frontend-variable.ts';
import { fingerprintIn } from '../../hosting/fingerprint.ts';
import type { Credentials, VercelProject } from '../../model/credential.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { UndoAction } from './undo-action.ts';

/** Removes the frontend's variable, or restores its value; one that someone changed since is kept. Reads only. */
export async function undoFrontendVariable(
  { http, signal }: { http: Http; signal: AbortSignal },
  request: { resource: CreatedResource; project: VercelProject; credential: Credentials['vercel'] },
): Promise<UndoAction[]> {
  const { resource, project, credential } = request;
  const { change, previous } = resource;
  const { name: key, target } = parseVariableId(resource.id);
  const label = target === 'production' ? key : `${key} (${target})`;
  const { teamId } = project;
  const vercel = vercelOf({ credentials: { vercel: credential }, target: { teamId }, http, signal });
  const current = findVariable(await vercel.variables(project.id), { name: key, target });
  const action = (what: string, run: UndoAction['run']): UndoAction[] => [
    { service: 'vercel', resource, what, run },
  ];
  if (current === null) return [];
  if (fingerprintIn(current.comment) === null)
    return action(`${label} of ${project.name} stays: someone else changed it since`, null);
  if (change === 'created') {
    const isAlone = targetsOf(current).length === 1;
    if (!isAlone) return action(`${label} stays: it has other targets by now`, null);
    return action(`removes the variable ${label} of ${project.name}`, () =>
      vercel.removeVariable(project.id, current.id),
    );
  }
  if (previous === null) return action(`${label} stays: its old value is not known`, null);
  const type = current.type === 'sensitive' ? 'sensitive' : 'plain';
  return action(`${project.name}: ${label} is ${previous} again`, () =>
    vercel.upsertVariable(project.id, { key, value: previous, type, target, comment: '' }),
  );
}
