import type { Http } from '../../clients/http.ts';
import type { VercelClient } from '../../clients/vercel-client.ts';
import { targetsOf, type FrontendVariable, type VercelTarget } from '../../clients/vercel-schemas.ts';
import { vercelOf } from '../../deployment/context.ts';
import { findVariable, parseVariableId } from '../../deployment/frontend/frontend-variable.ts';
import { fingerprintIn } from '../../hosting/fingerprint.ts';
import type { Credentials, VercelProject } from '../../model/credential.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { UndoAction } from './undo-action.ts';

type Request = { resource: CreatedResource; project: VercelProject; credential: Credentials['vercel'] };

/** Removes the frontend's variable, or restores its value; one that someone changed since is kept. Reads only. */
export async function undoFrontendVariable(
  { http, signal }: { http: Http; signal: AbortSignal },
  { resource, project, credential }: Request,
): Promise<UndoAction[]> {
  const { change, previous } = resource;
  const { name: key, target } = parseVariableId(resource.id);
  const label = target === 'production' ? key : `${key} (${target})`;
  const { teamId } = project;
  const vercel = vercelOf({ credentials: { vercel: credential }, target: { teamId }, http, signal });
  const variables = await vercel.variables(project.id);
  const current = findVariable(variables, { name: key, target });
  const action = (what: string, run: UndoAction['run']): UndoAction[] => [
    { service: 'vercel', resource, what, run },
  ];
  const isOurs = current !== null && fingerprintIn(current.comment) !== null;
  if (current !== null && !isOurs)
    return action(`${label} of ${project.name} stays: someone else changed it since`, null);
  const shared = sharedVariable(variables, { resource, target });
  if (shared !== null) {
    const others = targetsOf(shared).join(', ');
    return action(`${project.name}: ${label} has the value for ${others} again`, () =>
      rejoin(vercel, { project: project.id, shared: shared.id, ours: current?.id ?? null, target }),
    );
  }
  if (current === null) return [];
  if (change === 'created') {
    const isAlone = targetsOf(current).length === 1;
    if (!isAlone) return action(`${label} stays: it has other targets by now`, null);
    return action(`removes the variable ${label} of ${project.name}`, () =>
      vercel.removeVariable(project.id, current.id),
    );
  }
  if (previous === null)
    return action(
      `${label} of ${project.name} does not come back: its old value was not shown or looked secret`,
      null,
    );
  const type = current.type === 'sensitive' || current.type === 'encrypted' ? current.type : 'plain';
  return action(`${project.name}: ${label} is ${previous} again`, () =>
    vercel.upsertVariable(project.id, { key, value: previous, type, target, comment: '' }),
  );
}

/** The variable of other environments that held this one's value, as far as is known unchanged; null without one. */
function sharedVariable(
  variables: readonly FrontendVariable[],
  { resource, target }: { resource: CreatedResource; target: VercelTarget },
): FrontendVariable | null {
  const { splitFrom, previous } = resource;
  const shared = variables.find(({ id }) => id === splitFrom);
  if (shared === undefined || fingerprintIn(shared.comment) !== null || targetsOf(shared).includes(target))
    return null;
  const isReadable = shared.type !== 'sensitive' && shared.decrypted !== false && shared.value != null;
  return previous !== null && isReadable && shared.value !== previous ? null : shared;
}

/** Vercel refuses two values for one environment, so ours goes first; its other environments are read again. */
async function rejoin(
  vercel: VercelClient,
  {
    project,
    shared,
    ours,
    target,
  }: { project: string; shared: string; ours: string | null; target: VercelTarget },
): Promise<void> {
  if (ours !== null) await vercel.removeVariable(project, ours);
  const variable = (await vercel.variables(project)).find(({ id }) => id === shared);
  if (variable === undefined) return;
  await vercel.retarget(project, { id: shared, target: [...targetsOf(variable), target] });
}
