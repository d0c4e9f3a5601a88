/** The Hub's sample accounts and organisations, and the permissions of each token. */
import { createHash, randomInt } from 'node:crypto';

export type OrgRole = 'admin' | 'write' | 'contributor' | 'read';

export type Account = {
  name: string;
  fullname: string;
  isPro: boolean;
  canPay: boolean;
  orgs: { name: string; role: OrgRole }[];
};

/** `plan` is null for a free organisation. */
export type Organization = { name: string; fullname: string; plan: 'team' | 'enterprise' | null };

export type HubToken = {
  value: string;
  displayName: string;
  user: string;
  /** `oauth`: what `hf auth login` stores, which acts for its user. */
  role: 'read' | 'write' | 'fineGrained' | 'oauth';
  /** A fine-grained token's grants; an entity is a user, an organisation, or a repository. */
  scoped: { type: 'user' | 'org' | 'space'; name: string; permissions: string[] }[];
  /** Waits for an organisation's approval: shown with its grants, which have no effect yet. */
  pending?: boolean;
};

export type TokenName =
  | 'pro'
  | 'oauth'
  | 'free'
  | 'readOnly'
  | 'fineGrained'
  | 'fineGrainedRead'
  | 'fineGrainedOther'
  | 'orgOnly'
  | 'orgPending';

export const ACCOUNTS: readonly Account[] = [
  {
    name: 'ana',
    fullname: 'Ana Sample',
    isPro: true,
    canPay: true,
    orgs: [
      { name: 'textbook-lab', role: 'admin' },
      { name: 'reading-club', role: 'write' },
    ],
  },
  {
    name: 'ben',
    fullname: 'Ben Sample',
    isPro: false,
    canPay: false,
    orgs: [{ name: 'textbook-lab', role: 'read' }],
  },
  { name: 'carla', fullname: 'Carla Sample', isPro: true, canPay: true, orgs: [] },
];

export const ORGANIZATIONS: readonly Organization[] = [
  { name: 'textbook-lab', fullname: 'Textbook Lab', plan: 'team' },
  { name: 'reading-club', fullname: 'Reading Club', plan: null },
];

const FULL_PERMISSIONS = [
  'repo.content.read',
  'repo.access.read',
  'repo.write',
  'inference.serverless.write',
];

/** One token of every kind, with new values in each run. */
export function makeTokens(pro?: string): Record<TokenName, HubToken> {
  const grant = (type: 'user' | 'org', name: string, permissions = FULL_PERMISSIONS): HubToken['scoped'] => [
    { type, name, permissions },
  ];
  const token = (
    user: string,
    role: HubToken['role'],
    displayName: string,
    scoped: HubToken['scoped'] = [],
  ): HubToken => ({
    value: fakeToken(),
    displayName,
    user,
    role,
    scoped,
  });
  return {
    pro: { ...token('ana', 'write', 'deploy'), ...(pro === undefined ? {} : { value: pro }) },
    oauth: { ...token('ana', 'oauth', 'hf auth login'), value: fakeOAuthToken() },
    free: token('ben', 'write', 'deploy'),
    readOnly: token('ana', 'read', 'read only'),
    fineGrained: token('ana', 'fineGrained', 'my repos', grant('user', 'ana')),
    fineGrainedRead: token(
      'ana',
      'fineGrained',
      'my repos, read',
      grant('user', 'ana', ['repo.content.read']),
    ),
    fineGrainedOther: token('carla', 'fineGrained', "carla's repos", grant('user', 'carla')),
    orgOnly: token('ana', 'fineGrained', 'the lab only', grant('org', 'textbook-lab')),
    orgPending: {
      ...token('ana', 'fineGrained', 'the lab, not yet approved', grant('org', 'textbook-lab')),
      pending: true,
    },
  };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A user access token in the Hub's format: `hf_` and 34 letters. */
export function fakeToken(): string {
  return `hf_${Array.from({ length: 34 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
}

/** A token of the Hub's OAuth server: `hf_oauth_` and a JWT, whose parts are joined by dots. */
export function fakeOAuthToken(): string {
  const part = (length: number): string =>
    Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const json = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: idOf('ana'), jti: part(16), exp: Math.floor(Date.now() / 1_000) + 30 * 86_400 };
  return `hf_oauth_${json({ alg: 'EdDSA' })}.${json(claims)}.${part(43)}`;
}

/** A stable id of 24 hex digits, as in the Hub's database. */
export function idOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 24);
}

/** Whether the token may change repositories of `namespace`; `repo` also matches grants of that repository. */
export function mayWrite(options: {
  account: Account;
  token: HubToken;
  namespace: string;
  repo?: string;
}): boolean {
  const { account, token, namespace } = options;
  const role =
    account.name === namespace ? 'admin' : account.orgs.find((org) => org.name === namespace)?.role;
  if (role === undefined || role === 'read' || token.role === 'read') return false;
  if (token.role === 'write' || token.role === 'oauth') return true;
  return grants({ token, namespace, repo: options.repo, permission: 'repo.write' });
}

/** Whether the token may read a private repository of `namespace`. */
export function mayRead(options: {
  account: Account;
  token: HubToken;
  namespace: string;
  repo?: string;
}): boolean {
  const { account, token, namespace } = options;
  const member = account.name === namespace || account.orgs.some((org) => org.name === namespace);
  if (!member) return false;
  return (
    token.role !== 'fineGrained' ||
    grants({ token, namespace, repo: options.repo, permission: 'repo.content.read' })
  );
}

function grants(options: {
  token: HubToken;
  namespace: string;
  repo: string | undefined;
  permission: string;
}): boolean {
  if (options.token.pending === true) return false;
  return options.token.scoped.some(
    ({ type, name, permissions }) =>
      permissions.includes(options.permission) &&
      name === (type === 'space' ? options.repo : options.namespace),
  );
}

/** The body of `GET /api/whoami-v2`, as observed on 2026-07-23. */
export function whoAmI(account: Account, token: HubToken, organizations: readonly Organization[]): unknown {
  return {
    type: 'user',
    id: idOf(account.name),
    name: account.name,
    fullname: account.fullname,
    email: `${account.name}@example.com`,
    emailVerified: true,
    canPay: account.canPay,
    billingMode: 'prepaid',
    periodEnd: account.isPro ? Math.floor(Date.now() / 1_000) + 20 * 86_400 : null,
    isPro: account.isPro,
    avatarUrl: `/avatars/${idOf(account.name)}.svg`,
    orgs: account.orgs.map((org) => ({
      type: 'org',
      id: idOf(org.name),
      name: org.name,
      fullname: organizations.find((candidate) => candidate.name === org.name)?.fullname ?? org.name,
      email: null,
      canPay: false,
      periodEnd: null,
      avatarUrl: `/avatars/${idOf(org.name)}.svg`,
      roleInOrg: org.role,
    })),
    auth:
      token.role === 'oauth' ? { type: 'oauth' } : { type: 'access_token', accessToken: shownToken(token) },
  };
}

function shownToken(token: HubToken): unknown {
  return {
    displayName: token.displayName,
    role: token.role,
    createdAt: '2026-07-23T10:27:03.276Z',
    ...(token.role === 'fineGrained' ? { fineGrained: fineGrained(token) } : {}),
  };
}

function fineGrained(token: HubToken): unknown {
  return {
    canReadGatedRepos: true,
    global: ['discussion.write'],
    scoped: token.scoped.map(({ type, name, permissions }) => ({
      entity: { _id: idOf(name), type, name },
      permissions,
    })),
  };
}
