import type { RouteCall, RouteReply, Route } from '../exchange/serve-routes.ts';
import { notAuthorized, notFound, VercelApiError } from './errors.ts';
import {
  findProjectOf,
  type SandboxProject,
  type Team,
  type AccountToken,
  type VercelState,
} from './state.ts';

/** Who calls, and on whose account: the user's own or the team that the query names. */
export type Access = { token: AccountToken; accountId: string; team: Team | null };

export type GuardedRoute = Omit<Route, 'handle'> & {
  handle(call: RouteCall, access: Access): RouteReply | Promise<RouteReply>;
};

/** Checks the token before the work is done and turns refusals into the vendor's bodies. */
export function withAccess(world: VercelState, route: GuardedRoute): Route {
  return {
    ...route,
    handle: async (call) => {
      try {
        return await route.handle(call, accessOf(world, call));
      } catch (error) {
        if (error instanceof VercelApiError) return error.reply();
        throw error;
      }
    },
  };
}

/** The token of a call; throws 403 for a missing and for an unknown one. */
function tokenOf(world: VercelState, call: RouteCall): AccountToken {
  const value = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  if (value === undefined) throw notAuthorized({ missingToken: true });
  const token = world.tokens.find((one) => one.value === value);
  if (token === undefined) throw notAuthorized({ invalidToken: true });
  return token;
}

function accessOf(world: VercelState, call: RouteCall): Access {
  const token = tokenOf(world, call);
  const wanted = call.query.get('teamId') ?? call.query.get('slug');
  if (wanted === null || wanted === '') return { token, accountId: world.user.id, team: null };
  const team = world.teams.find(({ id, slug }) => id === wanted || slug === wanted);
  if (team === undefined || !token.scopes.includes(team.id)) {
    throw notAuthorized({ scope: wanted, ...(team === undefined ? {} : { teamId: team.id }) });
  }
  if (team.limitedBy.length > 0) throw notAuthorized({ saml: true, teamId: team.id, scope: team.slug });
  return { token, accountId: team.id, team };
}

/** Throws 403 where a team's token asks for what is the user's own. */
export function requireScope({ token, accountId }: Access): void {
  if (!token.scopes.includes(accountId)) throw notAuthorized({ scope: accountId });
}

/** The project of a call by id or name; throws 404 for one of another account or out of the token's reach. */
export function projectOf(world: VercelState, given: { access: Access; idOrName: string }): SandboxProject {
  requireScope(given.access);
  const project = findProjectOf(world, { accountId: given.access.accountId, idOrName: given.idOrName });
  if (project === undefined || !mayReach(given.access.token, project)) throw notFound('Project');
  return project;
}

export const mayReach = (token: AccountToken, project: SandboxProject): boolean =>
  token.projects === null || token.projects.includes(project.id);

/**
 * A page of things that are newest first. `next` is the time that gets the following page, null on the last;
 * the teams and deployments take it as `until`, the projects as `from`.
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

/** A whole number of the query; null where it is absent. */
export function numberOf(call: RouteCall, name: string): number | null {
  const value = call.query.get(name);
  return value === null || !/^\d+$/.test(value) ? null : Number(value);
}
