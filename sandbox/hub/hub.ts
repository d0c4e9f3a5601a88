/** A stand-in for the Hugging Face Hub: accounts, Spaces with their files and settings, and what runs of them. */
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { listen, type Call, type Reply, type Route } from '../exchange.ts';
import type { Faults } from '../faults.ts';
import type { Reaper } from '../reaper.ts';
import type { ExchangeRecord } from '../record.ts';
import type { SpaceKnobs } from '../space/knobs.ts';
import { Space } from '../space/space.ts';
import { accountRoutes } from './account-routes.ts';
import { makeTokens, mayRead, type TokenName } from './accounts.ts';
import { fileRoutes } from './file-routes.ts';
import { makeCommit, storedFile } from './git.ts';
import { HubError } from './hub-error.ts';
import { lfsRoutes } from './lfs-routes.ts';
import { RateLimit } from './rate-limit.ts';
import { head, valuesOf, type Repository } from './repository.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { runtimeRoutes } from './runtime-routes.ts';
import { seed } from './seed.ts';
import { settingRoutes } from './setting-routes.ts';
import { callerOf, type HubState, type NewRepository } from './state.ts';
import { idOfRepository } from './views.ts';

export type Hub = {
  url: string;
  /** A token of each kind; `pro` is that of the person who runs the wizard. */
  tokens: Record<TokenName, string>;
  repositories: ReadonlyMap<string, Repository>;
  close(): Promise<void>;
};

const KEEP_ALIVE_MS = 5_000;
/** A Space on cpu-basic sleeps after 48 hours. */
const SLEEP_SECONDS = 172_800;

/** Starts the Hub with its sample accounts and Spaces; `folder` is where Spaces run. */
export async function startHub(options: {
  folder: string;
  knobs: SpaceKnobs;
  faults: Faults;
  record: ExchangeRecord;
  reaper?: Reaper | null;
  token?: string;
  keepAliveMs?: number;
}): Promise<Hub> {
  const tokens = makeTokens(options.token);
  const repositories = new Map<string, Repository>();
  let url = '';
  const state: HubState = {
    tokens: Object.values(tokens),
    repositories,
    lfs: new Map(),
    url: () => url,
    create: (wanted) => createRepository({ ...options, state, wanted }),
    keepAliveMs: options.keepAliveMs ?? KEEP_ALIVE_MS,
  };
  const limit = new RateLimit(state.tokens);
  const tables = [accountRoutes, repositoryRoutes, settingRoutes, runtimeRoutes, fileRoutes, lfsRoutes];
  const routes = tables.flatMap((table) => table(state)).map((route) => asHub(route, limit));
  const { faults, record } = options;
  const server = await listen({ vendor: 'hub', routes, faults, record, notFound: () => plainNotFound() });
  url = server.url;
  await seed(state);
  return {
    url,
    tokens: Object.fromEntries(
      Object.entries(tokens).map(([name, { value }]) => [name, value]),
    ) as Hub['tokens'],
    repositories,
    close: async () => {
      await Promise.all([...repositories.values()].map(({ space }) => space.close()));
      await server.close();
    },
  };
}

async function createRepository(options: {
  state: HubState;
  wanted: NewRepository;
  folder: string;
  knobs: SpaceKnobs;
  faults: Faults;
  record: ExchangeRecord;
  reaper?: Reaper | null;
}): Promise<Repository> {
  const { state, wanted } = options;
  const { owner, name, sdk, visibility, author } = wanted;
  const id = idOfRepository(wanted);
  const files = new Map([...wanted.files].map(([path, content]) => [path, storedFile(content)]));
  const first = makeCommit({
    parent: null,
    title: 'initial commit',
    message: '',
    author,
    date: new Date(),
    files,
  });
  const space = await Space.open({
    home: join(options.folder, `${owner}--${name}-${randomBytes(3).toString('hex')}`),
    knobs: options.knobs,
    faults: options.faults,
    record: options.record,
    reaper: options.reaper ?? null,
    source: () => {
      const commit = head(repository);
      return {
        sha: commit.oid,
        files: new Map([...commit.files].map(([path, { content }]) => [path, content])),
        secrets: valuesOf(repository.secrets),
        variables: valuesOf(repository.variables),
      };
    },
    maySee: ({ headers }) => {
      if (repository.visibility !== 'private') return true;
      try {
        const caller = callerOf(state, headers);
        return caller !== null && mayRead({ ...caller, namespace: owner, repo: id });
      } catch {
        return false;
      }
    },
  });
  const repository: Repository = {
    databaseId: randomBytes(12).toString('hex'),
    owner,
    name,
    sdk,
    visibility,
    createdAt: new Date(),
    commits: [first],
    secrets: new Map(),
    variables: new Map(),
    hardware: wanted.hardware ?? 'cpu-basic',
    sleepSeconds: SLEEP_SECONDS,
    space,
  };
  state.repositories.set(id, repository);
  return repository;
}

/** Gives every answer the Hub's headers, and errors the Hub's form. */
function asHub(route: Route, limit: RateLimit): Route {
  return {
    ...route,
    handle: async (call: Call): Promise<Reply> => {
      const headers = requestId();
      try {
        const told = limit.take(call.headers);
        const reply = await route.handle(call);
        return { ...reply, headers: { ...headers, ...told, ...reply.headers } };
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        return failed(error, headers);
      }
    },
  };
}

function failed(error: HubError, headers: Record<string, string>): Reply {
  const { url, ...told } = error.more;
  const code = error.code === null ? {} : { 'x-error-code': error.code };
  return {
    status: error.status,
    headers: { ...headers, ...told, ...code, 'x-error-message': error.message },
    json: { error: error.message, ...(url === undefined ? {} : { url }) },
  };
}

function plainNotFound(): Reply {
  return {
    status: 404,
    headers: requestId(),
    json: { error: 'Sorry, we can’t find the page you are looking for.' },
  };
}

function requestId(): Record<string, string> {
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  return { 'x-request-id': `Root=1-${seconds}-${randomBytes(12).toString('hex')};${randomUUID()}` };
}
