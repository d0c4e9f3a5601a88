import type { Permissions } from '../../model/display/permissions.ts';
import type { Whoami } from './hub-schemas.ts';

export type HubPermissions = {
  /** `read`, `write`, `admin`, `fineGrained`, `oauth` for a login, or what the Hub says next. */
  role: string;
  /** Whether the token may create repositories in this namespace. */
  mayCreateIn(owner: string): boolean;
  /** Whether it may change this Space, `owner/name`. */
  mayWriteTo(space: string): boolean;
};

/** A login's scopes are not in the response: the Hub has the last word. */
const writingRoles: ReadonlySet<string> = new Set(['write', 'admin', 'oauth']);
const writingMembers: ReadonlySet<string> = new Set(['write', 'admin', 'contributor']);

function roleOf({ auth }: Whoami): string {
  return auth?.accessToken?.role ?? (auth?.type === 'oauth' ? 'oauth' : 'unknown');
}

/** What a token may do, by the whoami response. The scope of a single repository may write to it, not create others. */
export function readHubPermissions(whoami: Whoami): HubPermissions {
  const token = whoami.auth?.accessToken;
  const role = roleOf(whoami);
  const isMember = (owner: string): boolean => {
    if (isSameName(owner, whoami.name)) return true;
    const org = whoami.orgs?.find(({ name }) => isSameName(name, owner));
    return org !== undefined && (org.roleInOrg == null || writingMembers.has(org.roleInOrg));
  };
  const grants = (token?.fineGrained?.scoped ?? []).filter(({ permissions }) =>
    permissions?.includes('repo.write'),
  );
  const isGranted = (kinds: readonly string[], name: string): boolean =>
    grants.some(({ entity }) => kinds.includes(entity?.type ?? '') && isSameName(entity?.name ?? '', name));
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

/** Needed to write to a Space and to read it back. */
const usedPermissions: ReadonlySet<string> = new Set(['repo.write', 'repo.content.read', 'repo.access.read']);

/** What an accepted token may do, beyond one owner's Spaces too. */
export function hubPermissions(access: {
  whoami: Whoami;
  /** Whose Space it is for. */
  owner: string;
  /** The namespaces it may create in. */
  owners: readonly string[];
  page: string;
}): Permissions {
  const { whoami, owner, owners, page } = access;
  const token = whoami.auth?.accessToken;
  const role = roleOf(whoami);
  const others = owners.filter((name) => !isSameName(name, owner));
  const needed = [`repo.write for ${owner}`];
  const everywhere = others.map((name) => `writing to ${name}`);
  if (role !== 'fineGrained') {
    const excess = [`every repository of ${owner}, models and data sets too`, ...everywhere];
    return { needed, has: [role === 'oauth' ? 'the login of its user' : `role "${role}"`], excess, page };
  }
  const scoped = token?.fineGrained?.scoped ?? [];
  const all = [
    ...(token?.fineGrained?.global ?? []),
    ...scoped.flatMap(({ permissions }) => permissions ?? []),
  ];
  const unused = [...new Set(all.filter((permission) => !usedPermissions.has(permission)))];
  const grants = scoped.filter(({ permissions }) => permissions?.includes('repo.write'));
  const where = [...new Set(grants.flatMap(({ entity }) => entity?.name ?? []))].join(', ');
  return {
    needed,
    has: [`a fine-grained repo.write for ${where}`],
    excess: [...unused, ...everywhere],
    page,
  };
}

/** Names of the Hub differ by more than case. */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
