import type { RouteCall, RouteReply } from '../exchange/serve-routes.ts';
import { projectOf, type Access, type GuardedRoute } from './access.ts';
import { badRequest, VercelApiError } from './errors.ts';
import {
  checkKey,
  newVariableBody,
  variableEditBody,
  overlaps,
  parseBody,
  typeFor,
  type NewVariable,
} from './variable-rules.ts';
import { variableView } from './views.ts';
import {
  newId,
  type SandboxProject,
  type EnvTarget,
  type Team,
  type EnvVariable,
  type VercelState,
} from './state.ts';

/** Environment variables of a project. A value is frozen into a deployment when that is built. */
export function variableRoutes(world: VercelState): GuardedRoute[] {
  const of = (call: RouteCall, access: Access): SandboxProject =>
    projectOf(world, { access, idOrName: call.params['project'] ?? '' });
  const list = (call: RouteCall, access: Access): RouteReply => {
    if (world.envChallenge !== null) {
      throw new VercelApiError({
        status: 403,
        code: world.envChallenge,
        message: 'Please verify your identity.',
      });
    }
    const decrypt = call.query.get('decrypt') === 'true';
    return { json: { envs: of(call, access).variables.map((one) => variableView(one, { decrypt })) } };
  };
  const create = (call: RouteCall, access: Access): RouteReply =>
    addVariables(world, { call, project: of(call, access), team: access.team });
  const edit = (call: RouteCall, access: Access): RouteReply =>
    editVariable(world, { call, project: of(call, access), team: access.team });
  const remove = (call: RouteCall, access: Access): RouteReply => removeVariable(call, of(call, access));
  const one = '/projects/:project/env/:variable';
  return [
    ...['/v8', '/v9', '/v10'].map((version): GuardedRoute => ({
      method: 'GET',
      path: `${version}/projects/:project/env`,
      name: 'env',
      handle: list,
    })),
    ...['/v9', '/v10'].map((version): GuardedRoute => ({
      method: 'POST',
      path: `${version}/projects/:project/env`,
      name: 'create-env',
      writes: true,
      handle: create,
    })),
    ...['/v9', '/v10'].map((version): GuardedRoute => ({
      method: 'PATCH',
      path: `${version}${one}`,
      name: 'edit-env',
      writes: true,
      handle: edit,
    })),
    ...['/v9', '/v10'].map((version): GuardedRoute => ({
      method: 'DELETE',
      path: `${version}${one}`,
      name: 'delete-env',
      writes: true,
      handle: remove,
    })),
    {
      method: 'GET',
      path: `/v1${one}`,
      name: 'env-value',
      handle: (call, access) => ({
        json: variableView(requireVariable(of(call, access), call), { decrypt: true }),
      }),
    },
  ];
}

/**
 * One or several. Several may fail one by one inside a 201, and one fails as a whole. `upsert=true` replaces
 * only a variable with the very same list of targets; another list is ENV_CONFLICT.
 */
function addVariables(
  world: VercelState,
  given: { call: RouteCall; project: SandboxProject; team: Team | null },
): RouteReply {
  const { call, project, team } = given;
  const body = call.json();
  const many = Array.isArray(body);
  const parsed = (many ? (body as unknown[]) : [body]).map((one) => parseBody(newVariableBody, one));
  const upsert = call.query.get('upsert') === 'true';
  const done: object[] = [];
  const failed: object[] = [];
  for (const one of parsed) {
    try {
      done.push(variableView(putVariable(world, { project, team, given: one, upsert }), { decrypt: false }));
    } catch (error) {
      if (!many || !(error instanceof VercelApiError)) throw error;
      const { code, message, extra } = error;
      failed.push({
        error: { code, message, key: one.key, envVarKey: one.key, target: one.target, ...extra },
      });
    }
  }
  return { status: 201, json: { created: many ? done : done[0], failed } };
}

function putVariable(
  world: VercelState,
  {
    project,
    team,
    given,
    upsert,
  }: { project: SandboxProject; team: Team | null; given: NewVariable; upsert: boolean },
): EnvVariable {
  const wanted: EnvTarget[] = given.target ?? ['production', 'preview', 'development'];
  checkKey(given.key);
  const kind = typeFor({ type: given.type, targets: wanted, team });
  const rival = project.variables.find((one) =>
    overlaps(one, { key: given.key, targets: wanted, gitBranch: given.gitBranch ?? null }),
  );
  const now = world.now();
  if (rival === undefined) {
    const { key, value, gitBranch = null, comment = null } = given;
    const fresh: EnvVariable = {
      id: newId('', 16),
      key,
      value,
      type: kind,
      target: wanted,
      gitBranch,
      comment,
      createdAt: now,
      updatedAt: now,
    };
    project.variables.push(fresh);
    return fresh;
  }
  const extra = {
    key: rival.key,
    envVarId: rival.id,
    envVarKey: rival.key,
    target: rival.target,
    ...(rival.gitBranch === null ? {} : { gitBranch: rival.gitBranch }),
  };
  if (!upsert) {
    throw new VercelApiError({
      status: 403,
      code: 'ENV_ALREADY_EXISTS',
      message:
        'Another Environment Variable with the same Name and Environment exists in your project. ' +
        'Please remove the existing Environment Variable or update the name of the new Environment Variable.',
      extra,
    });
  }
  if ([...rival.target].sort().join() !== [...wanted].sort().join()) {
    throw new VercelApiError({
      status: 400,
      code: 'ENV_CONFLICT',
      message: `Environment variable ${rival.key} already exists with another list of targets.`,
      extra,
    });
  }
  return Object.assign(rival, {
    value: given.value,
    type: kind,
    comment: given.comment ?? rival.comment,
    updatedAt: now,
  });
}

function editVariable(
  world: VercelState,
  { call, project, team }: { call: RouteCall; project: SandboxProject; team: Team | null },
): RouteReply {
  const variable = requireVariable(project, call);
  const given = parseBody(variableEditBody, call.json());
  if (variable.type === 'sensitive' && given.type !== undefined && given.type !== 'sensitive') {
    throw badRequest('You cannot change the type of a Sensitive Environment Variable.');
  }
  const wanted = given.target ?? variable.target;
  const key = given.key ?? variable.key;
  const rival = project.variables.find(
    (one) => one !== variable && overlaps(one, { key, targets: wanted, gitBranch: variable.gitBranch }),
  );
  if (rival !== undefined) {
    throw new VercelApiError({
      status: 400,
      code: 'ENV_CONFLICT',
      message: `Environment variable ${key} already exists.`,
      extra: { envVarId: rival.id },
    });
  }
  Object.assign(variable, {
    key,
    target: wanted,
    type: typeFor({ type: given.type ?? variable.type, targets: wanted, team }),
    value: given.value ?? variable.value,
    comment: given.comment ?? variable.comment,
    updatedAt: world.now(),
  });
  return { json: variableView(variable, { decrypt: false }) };
}

function removeVariable(call: RouteCall, project: SandboxProject): RouteReply {
  const variable = requireVariable(project, call);
  project.variables = project.variables.filter((one) => one !== variable);
  return { json: variableView(variable, { decrypt: false }) };
}

function requireVariable(project: SandboxProject, call: RouteCall): EnvVariable {
  const variable = project.variables.find(({ id }) => id === call.params['variable']);
  if (variable === undefined) {
    throw new VercelApiError({
      status: 404,
      code: 'ENV_NOT_FOUND',
      message: 'The Environment Variable was not found',
    });
  }
  return variable;
}
