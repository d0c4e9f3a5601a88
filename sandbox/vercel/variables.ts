import type { Call, Reply } from '../exchange.ts';
import { projectOf, type Access, type GuardedRoute } from './access.ts';
import { badRequest, VercelRefusal } from './errors.ts';
import { checkKey, created, edited, overlaps, parse, typeFor, type NewVariable } from './variable-rules.ts';
import { shownVariable } from './views.ts';
import { newId, type Project, type Target, type Team, type Variable, type VercelWorld } from './world.ts';

/** Environment variables of a project. A value is frozen into a deployment when that is built. */
export function variableRoutes(world: VercelWorld): GuardedRoute[] {
  const of = (call: Call, access: Access): Project =>
    projectOf(world, { access, idOrName: call.params['project'] ?? '' });
  const list = (call: Call, access: Access): Reply => {
    if (world.envChallenge !== null) {
      throw new VercelRefusal({
        status: 403,
        code: world.envChallenge,
        message: 'Please verify your identity.',
      });
    }
    const decrypt = call.query.get('decrypt') === 'true';
    return { json: { envs: of(call, access).variables.map((one) => shownVariable(one, { decrypt })) } };
  };
  const create = (call: Call, access: Access): Reply =>
    add(world, { call, project: of(call, access), team: access.team });
  const edit = (call: Call, access: Access): Reply =>
    change(world, { call, project: of(call, access), team: access.team });
  const remove = (call: Call, access: Access): Reply => drop(call, of(call, access));
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
      handle: (call, access) => ({ json: shownVariable(found(of(call, access), call), { decrypt: true }) }),
    },
  ];
}

/**
 * One or several. Several may fail one by one inside a 201, and one fails as a whole. `upsert=true` replaces
 * only a variable with the very same list of targets; another list is ENV_CONFLICT.
 */
function add(world: VercelWorld, given: { call: Call; project: Project; team: Team | null }): Reply {
  const { call, project, team } = given;
  const body = call.json();
  const many = Array.isArray(body);
  const parsed = (many ? (body as unknown[]) : [body]).map((one) => parse(created, one));
  const upsert = call.query.get('upsert') === 'true';
  const done: object[] = [];
  const failed: object[] = [];
  for (const one of parsed) {
    try {
      done.push(shownVariable(put(world, { project, team, given: one, upsert }), { decrypt: false }));
    } catch (error) {
      if (!many || !(error instanceof VercelRefusal)) throw error;
      const { code, message, extra } = error;
      failed.push({
        error: { code, message, key: one.key, envVarKey: one.key, target: one.target, ...extra },
      });
    }
  }
  return { status: 201, json: { created: many ? done : done[0], failed } };
}

function put(
  world: VercelWorld,
  {
    project,
    team,
    given,
    upsert,
  }: { project: Project; team: Team | null; given: NewVariable; upsert: boolean },
): Variable {
  const wanted: Target[] = given.target ?? ['production', 'preview', 'development'];
  checkKey(given.key);
  const kind = typeFor({ type: given.type, targets: wanted, team });
  const rival = project.variables.find((one) =>
    overlaps(one, { key: given.key, targets: wanted, gitBranch: given.gitBranch ?? null }),
  );
  const now = world.now();
  if (rival === undefined) {
    const { key, value, gitBranch = null, comment = null } = given;
    const fresh: Variable = {
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
    throw new VercelRefusal({
      status: 403,
      code: 'ENV_ALREADY_EXISTS',
      message:
        'Another Environment Variable with the same Name and Environment exists in your project. ' +
        'Please remove the existing Environment Variable or update the name of the new Environment Variable.',
      extra,
    });
  }
  if ([...rival.target].sort().join() !== [...wanted].sort().join()) {
    throw new VercelRefusal({
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

function change(
  world: VercelWorld,
  { call, project, team }: { call: Call; project: Project; team: Team | null },
): Reply {
  const variable = found(project, call);
  const given = parse(edited, call.json());
  if (variable.type === 'sensitive' && given.type !== undefined && given.type !== 'sensitive') {
    throw badRequest('You cannot change the type of a Sensitive Environment Variable.');
  }
  const wanted = given.target ?? variable.target;
  const key = given.key ?? variable.key;
  const rival = project.variables.find(
    (one) => one !== variable && overlaps(one, { key, targets: wanted, gitBranch: variable.gitBranch }),
  );
  if (rival !== undefined) {
    throw new VercelRefusal({
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
  return { json: shownVariable(variable, { decrypt: false }) };
}

function drop(call: Call, project: Project): Reply {
  const variable = found(project, call);
  project.variables = project.variables.filter((one) => one !== variable);
  return { json: shownVariable(variable, { decrypt: false }) };
}

function found(project: Project, call: Call): Variable {
  const variable = project.variables.find(({ id }) => id === call.params['variable']);
  if (variable === undefined) {
    throw new VercelRefusal({
      status: 404,
      code: 'ENV_NOT_FOUND',
      message: 'The Environment Variable was not found',
    });
  }
  return variable;
}
