import { randomUUID } from 'node:crypto';
import type { Route, RouteReply } from '../exchange/serve-routes.ts';
import {
  isoTime,
  neonNotFound,
  withProject,
  type NeonState,
  type SandboxNeonProject,
  type SandboxOperation,
} from './state.ts';

/** A project has one branch, with one role, which owns one database. The names are those of a new project. */
const [roleName, databaseName] = ['neondb_owner', 'neondb'];
const branchOf = ({ id }: SandboxNeonProject): string => `br-${id}`;

/** The branch of a project, its role and database, and what changes of the role come to. */
export function branchRoutes(state: NeonState): Route[] {
  const path = '/api/v2/projects/:project/branches';
  const operationView = (project: SandboxNeonProject, operation: SandboxOperation): object => {
    const { id, action, startedAt } = operation;
    return {
      id,
      project_id: project.id,
      branch_id: branchOf(project),
      action,
      status: startedAt + state.operationMs <= state.now() ? 'finished' : 'running',
      failures_count: 0,
      created_at: isoTime(startedAt),
      updated_at: isoTime(startedAt),
      total_duration_ms: state.operationMs,
    };
  };
  const onBranch = (handle: (project: SandboxNeonProject) => RouteReply | Promise<RouteReply>) =>
    withProject(state, (project, { params }) =>
      params['branch'] === branchOf(project) && (params['role'] ?? roleName) === roleName
        ? handle(project)
        : neonNotFound(),
    );
  return [
    {
      method: 'GET',
      path,
      name: 'branches',
      handle: withProject(state, (project) => ({
        json: { branches: [branchView(project)], annotations: {}, pagination: {} },
      })),
    },
    {
      method: 'GET',
      path: `${path}/:branch/endpoints`,
      name: 'endpoints',
      handle: onBranch((project) => ({ json: { endpoints: [endpointView(project)] } })),
    },
    {
      method: 'GET',
      path: `${path}/:branch/databases`,
      name: 'databases',
      handle: onBranch((project) => ({ json: { databases: [databaseView(project)] } })),
    },
    {
      method: 'GET',
      path: `${path}/:branch/roles`,
      name: 'roles',
      handle: onBranch((project) => ({ json: { roles: [roleView(project)] } })),
    },
    {
      method: 'GET',
      path: `${path}/:branch/roles/:role/reveal_password`,
      name: 'reveal-password',
      handle: onBranch(({ uri }) => ({ json: { password: decodeURIComponent(new URL(uri).password) } })),
    },
    {
      method: 'POST',
      path: `${path}/:branch/roles/:role/reset_password`,
      name: 'reset-password',
      writes: true,
      handle: onBranch(async (project) => {
        project.uri = await state.databases.resetPassword(project.uri);
        const operation = { id: randomUUID(), action: 'apply_config', startedAt: state.now() };
        project.operations.push(operation);
        const password = decodeURIComponent(new URL(project.uri).password);
        return {
          json: {
            role: { ...roleView(project), password },
            operations: [operationView(project, operation)],
          },
        };
      }),
    },
    {
      method: 'GET',
      path: '/api/v2/projects/:project/operations/:operation',
      name: 'operation',
      handle: withProject(state, (project, { params }) => {
        const operation = project.operations.find(({ id }) => id === params['operation']);
        return operation === undefined
          ? neonNotFound()
          : { json: { operation: operationView(project, operation) } };
      }),
    },
  ];
}

const times = ({ createdAt }: SandboxNeonProject): object => ({
  created_at: isoTime(createdAt),
  updated_at: isoTime(createdAt),
});

function branchView(project: SandboxNeonProject): object {
  const names = { id: branchOf(project), project_id: project.id, name: 'main' };
  return {
    ...names,
    current_state: 'ready',
    default: true,
    primary: true,
    protected: false,
    ...times(project),
  };
}

function endpointView(project: SandboxNeonProject): object {
  const { hostname } = new URL(project.uri);
  const names = { id: `ep-${project.id}`, project_id: project.id, branch_id: branchOf(project) };
  return { ...names, host: hostname, type: 'read_write', current_state: 'active', ...times(project) };
}

function databaseView(project: SandboxNeonProject): object {
  const names = { id: 1, branch_id: branchOf(project), name: databaseName, owner_name: roleName };
  return { ...names, ...times(project) };
}

function roleView(project: SandboxNeonProject): object {
  return { branch_id: branchOf(project), name: roleName, protected: false, ...times(project) };
}
