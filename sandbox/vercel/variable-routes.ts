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

/** Routes for a project's environment variables. A deployment keeps the values of its creation. */
export function variableRoutes(state: VercelState): GuardedRoute[] {
  const requireProject = (call: RouteCall, access: Access): SandboxProject =>
    projectOf(state, { access, idOrName: call.params['project'] ?? '' });
  const list = (call: RouteCall, access: Access): RouteReply => {
    if (state.envChallenge !== null) {
      throw new VercelApiError({
        status: 403,
        code: state.envChallenge,
        message: 'Please verify your identity.',
      });
    }
    const decrypt = call.query.get('decrypt') === 'true';
    return {
      json: {
        envs: requireProject(call, access).variables.map((variable) => variableView(variable, { decrypt })),
      },
    };
  };
  const create = (call: RouteCall, access: Access): RouteReply =>
    addVariables(state, { call, project: requireProject(call, access), team: access.team });
  const edit = (call: RouteCall, access: Access): RouteReply =>
    editVariable(state, { call, project: requireProject(call, access), team: access.team });
  const remove = (call: RouteCall, access: Access): RouteReply =>
    removeVariable(call, requireProject(call, access));
  const variablePath = '/projects/:project/env/:variable';
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
      path: `${version}${variablePath}`,
      name: 'edit-env',
      writes: true,
      handle: edit,
    })),
    ...['/v9', '/v10'].map((version): GuardedRoute => ({
      method: 'DELETE',
      path: `${version}${variablePath}`,
      name: 'delete-env',
      writes: true,
      handle: remove,
    })),
    {
      method: 'GET',
      path: `/v1${variablePath}`,
      name: 'env-value',
      handle: (call, access) => ({
        json: variableView(requireVariable(requireProject(call, access), call), { decrypt: true }),
      }),
    },
  ];
}

/**
 * Adds one variable or several. In a batch each may fail inside a 201; a single one fails as a whole. `upsert=true`
 * replaces only a variable with the same targets; other targets are an ENV_CONFLICT.
 */
function addVariables(
  state: VercelState,
  options: { call: RouteCall; project: SandboxProject; team: Team | null },
): RouteReply {
  const { call, project, team } = options;
  const body = call.json();
  const isBatch = Array.isArray(body);
  const inputs = (isBatch ? (body as unknown[]) : [body]).map((entry) => parseBody(newVariableBody, entry));
  const upsert = call.query.get('upsert') === 'true';
  const created: object[] = [];
  const failed: object[] = [];
  for (const input of inputs) {
    try {
      created.push(variableView(putVariable(state, { project, team, input, upsert }), { decrypt: false }));
    } catch (error) {
      if (!isBatch || !(error instanceof VercelApiError)) throw error;
      const { code, message, extra } = error;
      failed.push({
        error: { code, message, key: input.key, envVarKey: input.key, target: input.target, ...extra },
      });
    }
  }
  return { status: 201, json: { created: isBatch ? created : created[0], failed } };
}

function putVariable(
  state: VercelState,
  {
    project,
    team,
    input,
    upsert,
  }: { project: SandboxProject; team: Team | null; input: NewVariable; upsert: boolean },
): EnvVariable {
  const targets: EnvTarget[] = input.target ?? ['production', 'preview', 'development'];
  checkKey(input.key);
  const type = typeFor({ type: input.type, targets, team });
  const existing = project.variables.find((candidate) =>
    overlaps(candidate, { key: input.key, targets, gitBranch: input.gitBranch ?? null }),
  );
  const now = state.now();
  if (existing === undefined) {
    const { key, value, gitBranch = null, comment = null } = input;
    const fresh: EnvVariable = {
      id: newId('', 16),
      key,
      value,
      type,
      target: targets,
      gitBranch,
      comment,
      createdAt: now,
      updatedAt: now,
    };
    project.variables.push(fresh);
    return fresh;
  }
  const extra = {
    key: existing.key,
    envVarId: existing.id,
    envVarKey: existing.key,
    target: existing.target,
    ...(existing.gitBranch === null ? {} : { gitBranch: existing.gitBranch }),
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
  if ([...existing.target].sort().join() !== [...targets].sort().join()) {
    throw new VercelApiError({
      status: 400,
      code: 'ENV_CONFLICT',
      message: `Environment variable ${existing.key} already exists with another list of targets.`,
      extra,
    });
  }
  return Object.assign(existing, {
    value: input.value,
    type,
    comment: input.comment ?? existing.comment,
    updatedAt: now,
  });
}

function editVariable(
  state: VercelState,
  { call, project, team }: { call: RouteCall; project: SandboxProject; team: Team | null },
): RouteReply {
  const variable = requireVariable(project, call);
  const edit = parseBody(variableEditBody, call.json());
  if (variable.type === 'sensitive' && edit.type !== undefined && edit.type !== 'sensitive') {
    throw badRequest('You cannot change the type of a Sensitive Environment Variable.');
  }
  const targets = edit.target ?? variable.target;
  const key = edit.key ?? variable.key;
  const existing = project.variables.find(
    (candidate) =>
      candidate !== variable && overlaps(candidate, { key, targets, gitBranch: variable.gitBranch }),
  );
  if (existing !== undefined) {
    throw new VercelApiError({
      status: 400,
      code: 'ENV_CONFLICT',
      message: `Environment variable ${key} already exists.`,
      extra: { envVarId: existing.id },
    });
  }
  Object.assign(variable, {
    key,
    target: targets,
    type: typeFor({ type: edit.type ?? variable.type, targets, team }),
    value: edit.value ?? variable.value,
    comment: edit.comment ?? variable.comment,
    updatedAt: state.now(),
  });
  return { json: variableView(variable, { decrypt: false }) };
}

function removeVariable(call: RouteCall, project: SandboxProject): RouteReply {
  const variable = requireVariable(project, call);
  project.variables = project.variables.filter((candidate) => candidate !== variable);
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
