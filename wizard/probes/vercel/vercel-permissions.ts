import * as z from 'zod';
import type { VercelScope } from '../../model/credential.ts';
import type { Permissions } from '../../model/display/permissions.ts';

/** `GET /v5/user/tokens/current`: a token of the whole account has a scope of type `user`. */
export const tokenSchema = z.looseObject({
  token: z.looseObject({
    scopes: z.array(z.looseObject({ type: z.string().nullish(), teamId: z.string().nullish() })).nullish(),
  }),
});
export type VercelToken = z.infer<typeof tokenSchema>['token'];

export type VercelTokenKind = 'account' | 'team' | 'project' | 'unknown';

/** Which of Vercel's kinds of token it is; that of a single project has no user. */
export function tokenKindOf({
  isUserKnown,
  token,
}: {
  isUserKnown: boolean;
  token: VercelToken | null;
}): VercelTokenKind {
  if (!isUserKnown) return 'project';
  const scopes = token?.scopes ?? [];
  if (scopes.some(({ type }) => type === 'user')) return 'account';
  return scopes.some(({ type }) => type === 'team') ? 'team' : 'unknown';
}

const tokenKindNames: Record<VercelTokenKind, string> = {
  account: 'a token of the whole account',
  team: 'a team’s token',
  project: 'a token of one project',
  unknown: 'a token of a kind that Vercel does not tell',
};

/** What an accepted token may do, beyond the book's project too. */
export function vercelPermissions(access: {
  kind: VercelTokenKind;
  scope: VercelScope;
  page: string;
}): Permissions {
  const { kind, scope, page } = access;
  const team = scope.defaultTeam === null ? [] : [`default team ${scope.defaultTeam}`];
  const others = scope.projects.length - 1;
  const teams = scope.teams.flatMap(({ slug }) => slug ?? []);
  const excess = [
    ...(kind === 'account'
      ? [`the account itself${teams.length === 0 ? '' : ` and ${teams.join(', ')}`}`]
      : []),
    ...(others > 0 ? [`${others} other project${others === 1 ? '' : 's'}`] : []),
  ];
  return {
    needed: ['variables and deployments of the book’s project'],
    has: [tokenKindNames[kind], ...team],
    excess,
    page,
  };
}
