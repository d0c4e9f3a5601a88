import type { RouteReply } from '../exchange/serve-routes.ts';
import { numberOf, pageOf, type Access, type GuardedRoute } from './access.ts';
import { notAuthorized, notFound } from './errors.ts';
import type { Team, VercelState } from './state.ts';

const epoch = Date.UTC(2026, 0, 1);

/** Routes for the user, the token and the teams. */
export function accountRoutes(state: VercelState): GuardedRoute[] {
  const token = (_: unknown, access: Access): RouteReply => ({ json: { token: tokenView(state, access) } });
  return [
    {
      method: 'GET',
      path: '/v2/user',
      name: 'user',
      handle: (_, { token }) => ({ json: { user: userView(state, token.scopes) } }),
    },
    { method: 'GET', path: '/v5/user/tokens/current', name: 'token', handle: token },
    { method: 'GET', path: '/v6/user/tokens/current', name: 'token', handle: token },
    ...['/v5/user/tokens', '/v6/user/tokens'].map((path): GuardedRoute => ({
      method: 'GET',
      path,
      name: 'tokens',
      handle: (_, access) => ({
        json: { tokens: [tokenView(state, access)], pagination: { count: 1, next: null, prev: null } },
      }),
    })),
    {
      method: 'GET',
      path: '/v2/teams',
      name: 'teams',
      handle: (call, { token: { scopes } }) => {
        const dated = state.teams.map((team, at) => ({ ...team, createdAt: epoch + at * 1000 }));
        const { items, pagination } = pageOf(dated, {
          limit: numberOf(call, 'limit') ?? 20,
          until: numberOf(call, 'until'),
        });
        return { json: { teams: items.map((team) => teamView(state, { team, scopes })), pagination } };
      },
    },
    {
      method: 'GET',
      path: '/v2/teams/:team',
      name: 'team',
      handle: ({ params }, { token: { scopes } }) => {
        const team = state.teams.find(({ id, slug }) => id === params['team'] || slug === params['team']);
        if (team === undefined) throw notFound('Team');
        if (!scopes.includes(team.id)) throw notAuthorized({ teamId: team.id, scope: team.slug });
        return { json: teamView(state, { team, scopes }) };
      },
    },
  ];
}

/** A token without the user's own scope sees a limited profile. */
function userView({ user, paused }: VercelState, scopes: string[]): object {
  const { plan, ...account } = user;
  const profile = { ...account, avatar: null };
  if (!scopes.includes(user.id)) return { ...profile, limited: true };
  return {
    ...profile,
    createdAt: epoch,
    softBlock: softBlockOf(paused),
    billing: { plan, period: null, addons: null },
    resourceConfig: {},
    stagingPrefix: user.username,
    hasTrialAvailable: false,
    version: 'northstar',
  };
}

function softBlockOf(paused: VercelState['paused']): object | null {
  if (paused === null) return null;
  const { reason, overage, until } = paused;
  return {
    blockedAt: epoch,
    reason,
    ...(overage !== null && { blockedDueToOverageType: overage }),
    ...(until !== null && { unpauseAt: until }),
  };
}

function tokenView(state: VercelState, { token }: Access): object {
  return {
    id: token.id,
    name: token.name,
    type: 'token',
    origin: 'manual',
    scopes: token.scopes.map((account) =>
      account === state.user.id
        ? { type: 'user', origin: 'manual', createdAt: epoch }
        : {
            type: 'team',
            teamId: account,
            origin: 'manual',
            createdAt: epoch,
            expiresAt: epoch + 31_536_000_000,
          },
    ),
    createdAt: epoch,
    activeAt: state.now(),
  };
}

function teamView(state: VercelState, { team, scopes }: { team: Team; scopes: string[] }): object {
  const limitedBy = [...team.limitedBy, ...(scopes.includes(team.id) ? [] : ['scope'])];
  return {
    id: team.id,
    slug: team.slug,
    name: team.name,
    avatar: null,
    creatorId: state.user.id,
    description: null,
    stagingPrefix: team.slug,
    createdAt: epoch,
    updatedAt: epoch,
    membership: { confirmed: true, role: 'OWNER', createdAt: epoch, created: epoch, uid: state.user.id },
    ...(limitedBy.length > 0
      ? { limited: true, limitedBy }
      : {
          sensitiveEnvironmentVariablePolicy: team.sensitivePolicy,
          billing: { plan: team.plan, period: null, addons: null },
        }),
  };
}
