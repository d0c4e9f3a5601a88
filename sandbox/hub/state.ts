import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RouteCall } from '../exchange/serve-routes.ts';
import { mayRead, mayWrite, type Account, type Organization, type HubToken } from './accounts.ts';
import { HubApiError } from './hub-api-error.ts';
import type { Repository } from './repositories/repository.ts';

export type Caller = { account: Account; token: HubToken };

/** All that the Hub's routes share. */
export type HubState = {
  accounts: Account[];
  organizations: Organization[];
  tokens: readonly HubToken[];
  repositories: Map<string, Repository>;
  /** Names that are being made or deleted at this moment. */
  busy: Set<string>;
  /** Contents uploaded through LFS, by SHA-256. */
  lfs: Map<string, Buffer>;
  /** The Hub's own origin. */
  url: () => string;
  /** Makes a repository with its first commit and its Space's gateway. */
  create: (options: NewRepository) => Promise<Repository>;
  keepAliveMs: number;
};

export type NewRepository = Pick<Repository, 'owner' | 'name' | 'sdk' | 'visibility'> & {
  files: ReadonlyMap<string, Buffer>;
  author: string;
  hardware?: string | undefined;
};

/** Who calls; null without a token. A token that nobody has is 401, also where none is needed. */
export function callerOf(state: HubState, headers: IncomingHttpHeaders): Caller | null {
  const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (given === undefined) return null;
  const token = state.tokens.find(({ value }) => equalSecrets(value, given));
  const account = state.accounts.find(({ name }) => name === token?.user);
  if (token === undefined || account === undefined) {
    throw new HubApiError(401, 'Invalid credentials in Authorization header');
  }
  return { token, account };
}

export function requireCaller(state: HubState, call: RouteCall): Caller {
  const caller = callerOf(state, call.headers);
  if (caller === null) throw new HubApiError(401, 'Invalid username or password.');
  return caller;
}

/** The repository of the path, when the caller may see it. Others cannot tell a private one from none. */
export function readableRepository(state: HubState, call: RouteCall): Repository {
  const caller = callerOf(state, call.headers);
  const id = `${call.params['owner']}/${call.params['name']}`;
  const repository = state.repositories.get(id);
  const seen =
    repository !== undefined &&
    (repository.visibility === 'public' ||
      (caller !== null && mayRead({ ...caller, namespace: repository.owner, repo: id })));
  if (seen) return repository;
  // Without a token the Hub asks for one instead of denying the repository.
  if (caller === null) throw new HubApiError(401, 'Invalid username or password.', { code: 'RepoNotFound' });
  throw new HubApiError(404, 'Repository not found', { code: 'RepoNotFound' });
}

/** The repository of the path, when the caller may change it; else 401, 403 or 404. */
export function writableRepository(
  state: HubState,
  call: RouteCall,
): { repository: Repository; caller: Caller } {
  const caller = requireCaller(state, call);
  const repository = readableRepository(state, call);
  const repo = `${repository.owner}/${repository.name}`;
  if (mayWrite({ ...caller, namespace: repository.owner, repo })) return { repository, caller };
  throw new HubApiError(403, 'Forbidden: you do not have write access to this repository with this token.');
}

/** Whether what the namespace pays for lets it make Docker Spaces. */
export function hostsDocker(state: HubState, namespace: string): boolean {
  const organization = state.organizations.find(({ name }) => name === namespace);
  if (organization !== undefined) return organization.plan !== null;
  return state.accounts.find(({ name }) => name === namespace)?.isPro ?? false;
}

function equalSecrets(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
