import type { Whoami } from './hub-schemas.ts';

export type HubRights = {
  /** `read`, `write`, `admin`, `fineGrained`, or what the Hub says next. */
  role: string;
  /** Whether the token may create repositories in this namespace. */
  mayCreateIn(owner: string): boolean;
  /** Whether it may change this Space, `owner/name`. */
  mayWriteTo(space: string): boolean;
};

const writingRoles: ReadonlySet<string> = new Set(['write', 'admin']);
const writingMembers: ReadonlySet<string> = new Set(['write', 'admin', 'contributor']);

/** What a token may do, from the one whoami. A scope of a single repository can change it, never create. */
export function hubRights(whoami: Whoami): HubRights {
  const token = whoami.auth?.accessToken;
  const role = token?.role ?? 'unknown';
  const isMember = (owner: string): boolean => {
    if (same(owner, whoami.name)) return true;
    const org = whoami.orgs?.find((one) => same(one.name, owner));
    return org !== undefined && (org.roleInOrg == null || writingMembers.has(org.roleInOrg));
  };
  const grants = (token?.fineGrained?.scoped ?? []).filter((one) => one.permissions?.includes('repo.write'));
  const isGranted = (kinds: readonly string[], name: string): boolean =>
    grants.some(({ entity }) => kinds.includes(entity?.type ?? '') && same(entity?.name ?? '', name));
  const mayCreateIn = (owner: string): boolean => {
    if (role === 'fineGrained') return isGranted(['user', 'org'], owner);
    return writingRoles.has(role) && isMember(owner);
  };
  return {
    role,
    mayCreateIn,
    mayWriteTo: (space) => mayCreateIn(space.split('/')[0] ?? '') || isGranted(['space'], space),
  };
}

/** The Hub's names differ by more than case. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
