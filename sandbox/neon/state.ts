import { randomUUID } from 'node:crypto';
import type { Route, RouteReply } from '../exchange/serve-routes.ts';
import { newId } from '../vercel/state.ts';

/** Makes databases, each with a role of its own; both return a connection string. */
export type NeonDatabases = {
  addDatabase(): Promise<string>;
  /** Ends the old password of a connection string, and the sessions that it opened. */
  resetPassword(uri: string): Promise<string>;
};

export type SandboxNeonProject = {
  id: string;
  name: string;
  region: string;
  organisation: string;
  createdAt: number;
  uri: string;
  /** Those of changed roles, oldest first. */
  operations: SandboxOperation[];
};
export type SandboxOperation = { id: string; action: string; startedAt: number };
export type SandboxClaimable = {
  id: string;
  project: SandboxNeonProject;
  expiresAt: number;
  isClaimed: boolean;
};

export type NeonState = {
  apiKey: string;
  projects: SandboxNeonProject[];
  claimable: SandboxClaimable[];
  mostProjects: number;
  claimHours: number;
  pageSize: number;
  /** Milliseconds until an operation is finished. */
  operationMs: number;
  databases: NeonDatabases;
  now(): number;
};

export const organisation = { id: 'org-quiet-field-12345678', name: 'Ana', handle: 'ana' };

export function createNeonState(options: { databases: NeonDatabases; now: () => number }): NeonState {
  return {
    ...options,
    apiKey: `napi_${newId('', 48).toLowerCase()}`,
    projects: [],
    claimable: [],
    mostProjects: 10,
    claimHours: 72,
    pageSize: 400,
    operationMs: 50,
  };
}

export async function createProject(
  { databases, now }: NeonState,
  { name, region, owner }: { name: string; region: string; owner: string },
): Promise<SandboxNeonProject> {
  const id = `quiet-field-${newId('', 8).toLowerCase()}`;
  const uri = await databases.addDatabase();
  return { id, name, region, organisation: owner, createdAt: now(), uri, operations: [] };
}

/** A route that answers only with the account's key. */
export function withKey({ apiKey }: NeonState, handle: Route['handle']): Route['handle'] {
  return (call) =>
    call.headers.authorization === `Bearer ${apiKey}`
      ? handle(call)
      : neonError(401, '', 'supplied credentials do not pass authentication');
}

/** A route of one project. */
export function withProject(
  state: NeonState,
  handle: (
    project: SandboxNeonProject,
    call: Parameters<Route['handle']>[0],
  ) => RouteReply | Promise<RouteReply>,
): Route['handle'] {
  return withKey(state, (call) => {
    const project = state.projects.find(({ id }) => id === call.params['project']);
    return project === undefined ? neonNotFound() : handle(project, call);
  });
}

/** `{code, message, request_id}`, as all of Neon's errors. */
export function neonError(status: number, code: string, message: string): RouteReply {
  return { status, json: { code, message, request_id: randomUUID() } };
}

export const neonNotFound = (): RouteReply => neonError(404, '', 'the requested resource is not found');

export const isoTime = (ms: number): string => new Date(ms).toISOString();
