import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RouteCall } from '../exchange/serve-routes.ts';
import { mayRead, mayWrite, type Account, type Organization, type HubToken } from './accounts.ts';
import { HubApiError } from './hub-api-error.ts';
import type { OAuthState } from './oauth-state.ts';
import type { Repository } from './repositories/repository.ts';

export type Caller = { account: Account; token: HubToken };

/** State that the Hub's routes share. */
export type HubState = {
  accounts: Account[];
  organizations: Organization[];
  tokens: HubToken[];
  oauth: OAuthState;
  repositories: Map<string, Repository>;
  /** Ids that are being created or deleted. */
  busy: Set<string>;
  /** Contents uploaded through LFS, by SHA-256. */
  lfs: Map<string, Buffer>;
  /** The Hub's own origin. */
  url: () => string;
  /** Creates a repository with its first commit and its Space's gateway. */
  create: (options: NewRepository) => Promise<Repository>;
  keepAliveMs: number;
  /** Entries of a page of a repository's file list; the Hub's is 1,000. */
  pageSize: number;
};

export type NewRepository = Pick<Repository, 'owner' | 'name' | 'sdk' | 'visibility'> & {
  files: ReadonlyMap<string, Buffer>;
  author: string;
  hardware?: string | undefined;
};

/** The caller; null without a token. Throws 401 for an unknown token, also where none is needed. */
export function callerOf(state: HubState, headers: IncomingHttpHeaders): Caller | null {
  const sent = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (sent === undefined) return null;
  const token = state.tokens.find(({ value }) => equalSecrets(value, sent));
  const account = state.accounts.find(({ name }) => name === token?.user);
  if (token === undefined || account === undefined) {
    throw new HubApiError(401, 'Invalid credentials in Authorization header');
  }
  return { token, account };
}

/** The caller; throws 401 without a token. */
export function requireCaller(state: HubState, call: RouteCall): Caller {
  const caller = callerOf(state, call.headers);
  if (caller === null) throw new HubApiError(401, 'Invalid username or password.');
  return caller;
}

/** The repository in the path. Throws 401 or 404 when the caller may not read it, as if it did not exist. */
export function readableRepository(state: HubState, call: RouteCall): Repository {
  const caller = callerOf(state, call.headers);
  const id = `${call.params['owner']}/${call.params['name']}`;
  const repository = state.repositories.get(id);
  const isVisible =
    repository !== undefined &&
    (repository.visibility === 'public' ||
      (caller !== null && mayRead({ ...caller, namespace: repository.owner, repo: id })));
  if (isVisible) return repository;
  // Without a token the Hub asks for one instead of denying the repository.
  if (caller === null) throw new HubApiError(401, 'Invalid username or password.', { code: 'RepoNotFound' });
  throw new HubApiError(404, 'Repository not found', { code: 'RepoNotFound' });
}

/** The repository in the path; throws 401, 403 or 404 when the caller may not write it. */
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

/** Whether the namespace's plan includes Docker Spaces. */
export function hostsDocker(state: HubState, namespace: string): boolean {
  const organization = state.organizations.find(({ name }) => name === namespace);
  if (organization !== undefined) return organization.plan !== null;
  return state.accounts.find(({ name }) => name === namespace)?.isPro ?? false;
}

function equalSecrets(first: string, second: string): boolean {
  return first.length === second.length && timingSafeEqual(Buffer.from(first), Buffer.from(second));
}
