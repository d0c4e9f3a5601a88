import type { RouteCall, RouteReply, Route } from '../exchange/serve-routes.ts';
import { notAuthorized, notFound, VercelApiError } from './errors.ts';
import {
  findProjectOf,
  type SandboxProject,
  type Team,
  type AccountToken,
  type VercelState,
} from './state.ts';

/** The caller's token, and the account of the call: the user's own or the team in the query. */
export type Access = { token: AccountToken; accountId: string; team: Team | null };

export type GuardedRoute = Omit<Route, 'handle'> & {
  handle(call: RouteCall, access: Access): RouteReply | Promise<RouteReply>;
};

/** Checks the token before the route runs, and converts errors to the vendor's format. */
export function withAccess(state: VercelState, route: GuardedRoute): Route {
  return {
    ...route,
    handle: async (call) => {
      try {
        return await route.handle(call, accessOf(state, call));
      } catch (error) {
        if (error instanceof VercelApiError) return error.reply();
        throw error;
      }
    },
  };
}

/** The token of a call; throws 403 when it is missing or unknown. */
function tokenOf(state: VercelState, call: RouteCall): AccountToken {
  const value = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (value === undefined) throw notAuthorized({ missingToken: true });
  const token = state.tokens.find((candidate) => candidate.value === value);
  if (token === undefined) throw notAuthorized({ invalidToken: true });
  return token;
}

function accessOf(state: VercelState, call: RouteCall): Access {
  const token = tokenOf(state, call);
  const scope = call.query.get('teamId') ?? call.query.get('slug');
  if (scope === null || scope === '') return { token, accountId: state.user.id, team: null };
  const team = state.teams.find(({ id, slug }) => id === scope || slug === scope);
  if (team === undefined || !token.scopes.includes(team.id)) {
    throw notAuthorized({ scope, ...(team === undefined ? {} : { teamId: team.id }) });
  }
  if (team.limitedBy.length > 0) throw notAuthorized({ saml: true, teamId: team.id, scope: team.slug });
  return { token, accountId: team.id, team };
}

/** Throws 403 when the token has no access to the account. */
export function requireScope({ token, accountId }: Access): void {
  if (!token.scopes.includes(accountId)) throw notAuthorized({ scope: accountId });
}

/** A project by id or name; throws 404 for a project of another account, or one that the token cannot access. */
export function projectOf(state: VercelState, options: { access: Access; idOrName: string }): SandboxProject {
  requireScope(options.access);
  const project = findProjectOf(state, { accountId: options.access.accountId, idOrName: options.idOrName });
  if (project === undefined || !mayReach(options.access.token, project)) throw notFound('Project');
  return project;
}

/** Whether the token can access the project: some tokens are limited to single projects. */
export const mayReach = (token: AccountToken, project: SandboxProject): boolean =>
  token.projects === null || token.projects.includes(project.id);

/**
 * A page of items, newest first. `next` is the time to request the following page with, null on the last page; teams
 * and deployments take it as `until`, projects as `from`.
 */
export function pageOf<T extends { createdAt: number }>(
  all: readonly T[],
  { limit, until }: { limit: number; until: number | null },
): { items: T[]; pagination: { count: number; next: number | null; prev: number | null } } {
  const sorted = [...all].sort((a, b) => b.createdAt - a.createdAt);
  const rest = until === null ? sorted : sorted.filter(({ createdAt }) => createdAt < until);
  const items = rest.slice(0, limit);
  const next = rest.length > items.length ? (items.at(-1)?.createdAt ?? null) : null;
  return { items, pagination: { count: items.length, next, prev: items[0]?.createdAt ?? null } };
}

/** A whole number in the query; null when it is absent. */
export function numberOf(call: RouteCall, name: string): number | null {
  const value = call.query.get(name);
  return value === null || !/^\d+$/.test(value) ? null : Number(value);
}
