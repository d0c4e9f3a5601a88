/** A stand-in for the Hugging Face Hub: accounts, Spaces with their files and settings, and their runtime. */
import { randomBytes, randomUUID } from 'node:crypto';
import { serveRoutes, type RouteCall, type RouteReply, type Route } from '../exchange/serve-routes.ts';
import type { Faults } from '../exchange/faults.ts';
import type { Reaper } from '../reaper.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { SpaceBehaviour } from '../space/space-behaviour.ts';
import { accountRoutes } from './account-routes.ts';
import {
  ACCOUNTS,
  makeTokens,
  ORGANIZATIONS,
  type Account,
  type Organization,
  type TokenName,
} from './accounts.ts';
import { createRepository } from './repositories/create-repository.ts';
import { fileRoutes } from './files/file-routes.ts';
import { HubApiError } from './hub-api-error.ts';
import { lfsRoutes } from './files/lfs-routes.ts';
import { HubRateLimit, rateLimitWindowMs } from './rate-limit.ts';
import type { Repository } from './repositories/repository.ts';
import { repositoryRoutes } from './repositories/repository-routes.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { newOAuthState, type OAuthState } from './oauth-state.ts';
import { runtimeRoutes } from './repositories/runtime-routes.ts';
import { seedSpaces } from './seed.ts';
import { settingRoutes } from './repositories/setting-routes.ts';
import type { HubState } from './state.ts';

export type HubServer = {
  url: string;
  /** A token of each kind; the wizard runs with `pro`. */
  tokens: Record<TokenName, string>;
  repositories: ReadonlyMap<string, Repository>;
  accounts: readonly Account[];
  organizations: readonly Organization[];
  /** What becomes of codes of the device flow. */
  oauth: OAuthState;
  /** Sets how many entries a page of a list has. */
  setPageSize(size: number): void;
  close(): Promise<void>;
};

/** As seen at the Hub: a log that is silent is kept open about twice a minute. */
const KEEP_ALIVE_MS = 30_000;

/** Starts the Hub with its sample accounts and Spaces, which run in `folder`. */
export async function startHub(settings: {
  folder: string;
  behaviour: SpaceBehaviour;
  faults: Faults;
  record: ExchangeRecord;
  reaper?: Reaper | null;
  token?: string;
  keepAliveMs?: number;
  /** How long the calls of a token are counted; shorter where the wizard's clock is faster than the Hub's. */
  rateLimitWindowMs?: number;
}): Promise<HubServer> {
  const tokens = makeTokens(settings.token);
  const repositories = new Map<string, Repository>();
  let url = '';
  const state: HubState = {
    accounts: structuredClone([...ACCOUNTS]),
    organizations: structuredClone([...ORGANIZATIONS]),
    tokens: Object.values(tokens),
    oauth: newOAuthState(),
    repositories,
    busy: new Set(),
    lfs: new Map(),
    url: () => url,
    create: (options) =>
      createRepository({ state, options, environment: { ...settings, reaper: settings.reaper ?? null } }),
    keepAliveMs: settings.keepAliveMs ?? KEEP_ALIVE_MS,
    pageSize: 1_000,
  };
  const limit = new HubRateLimit(state, settings.rateLimitWindowMs ?? rateLimitWindowMs);
  const tables = [
    accountRoutes,
    oauthRoutes,
    repositoryRoutes,
    settingRoutes,
    runtimeRoutes,
    fileRoutes,
    lfsRoutes,
  ];
  const routes = tables.flatMap((table) => table(state)).map((route) => withHubErrors(route, limit));
  const { faults, record } = settings;
  const server = await serveRoutes({
    vendor: 'hub',
    routes,
    faults,
    record,
    notFound: () => notFoundReply(),
  });
  url = server.url;
  await seedSpaces(state);
  return {
    url,
    tokens: Object.fromEntries(
      Object.entries(tokens).map(([name, { value }]) => [name, value]),
    ) as HubServer['tokens'],
    repositories,
    accounts: state.accounts,
    organizations: state.organizations,
    oauth: state.oauth,
    setPageSize: (size) => void (state.pageSize = size),
    close: async () => {
      await Promise.all([...repositories.values()].map(({ space }) => space.close()));
      await server.close();
    },
  };
}

/** Adds the Hub's headers to every answer, and formats errors as the Hub does. */
function withHubErrors(route: Route, limit: HubRateLimit): Route {
  return {
    ...route,
    handle: async (call: RouteCall): Promise<RouteReply> => {
      const headers = requestId();
      try {
        const rateHeaders = limit.take(call.headers);
        const reply = await route.handle(call);
        return { ...reply, headers: { ...headers, ...rateHeaders, ...reply.headers } };
      } catch (error) {
        if (!(error instanceof HubApiError)) throw error;
        return errorReply(error, headers);
      }
    },
  };
}

function errorReply(error: HubApiError, headers: Record<string, string>): RouteReply {
  const { url, ...extraHeaders } = error.extra;
  const code = error.code === null ? {} : { 'x-error-code': error.code };
  return {
    status: error.status,
    headers: { ...headers, ...extraHeaders, ...code, 'x-error-message': error.message },
    json: { error: error.message, ...(url === undefined ? {} : { url }) },
  };
}

function notFoundReply(): RouteReply {
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
