import { serveRoutes, type RouteReply, type Route } from '../exchange/serve-routes.ts';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { accessOf } from './access.ts';
import { aliasRoutes } from './alias-routes.ts';
import { collectionRoutes } from './collection-routes.ts';
import { QdrantApiError } from './errors.ts';
import { pointReadRoutes } from './points/point-read-routes.ts';
import { pointWriteRoutes } from './points/point-write-routes.ts';
import type { ResultRoute } from './result-route.ts';
import { createQdrantState, type QdrantState } from './state.ts';

export type QdrantStandIn = {
  url: string;
  apiKey: string;
  /** A key that may read but not write: `service.read_only_api_key` in Qdrant's configuration. */
  readOnlyKey: string;
  /** What `POST /world` can set: version, strict, ready, suspended, diskFull, uncounted, endlessScroll, keys. */
  controls: Record<string, (value: unknown) => void>;
  /** Names and sizes, for a test to read. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

/** Serves Qdrant's REST API from memory, on a loopback port. */
export async function startQdrant(options: {
  faults: Faults;
  record: ExchangeRecord;
  apiKey?: string;
  port?: number;
  /** Milliseconds since 1970, by which tokens expire. */
  now?: () => number;
}): Promise<QdrantStandIn> {
  const apiKey = options.apiKey ?? 'sandbox-qdrant-key';
  const readOnlyKey = `${apiKey}-read-only`;
  const state = createQdrantState(options.now);
  state.keys.set(apiKey, 'valid').set(readOnlyKey, 'read-only');
  const keyed = [
    ...collectionRoutes(state),
    ...aliasRoutes(state),
    ...pointWriteRoutes(state),
    ...pointReadRoutes(state),
  ];
  const routes = [...openRoutes(state), ...keyed.map((route) => withEnvelope(route, state))].map((route) =>
    answerWhenAwake(route, state),
  );
  const { url, close } = await serveRoutes({
    ...options,
    vendor: 'qdrant',
    routes,
    // The engine's default (service.http_keep_alive_timeout_sec).
    keepAliveMs: 5000,
    mergesSlashes: true,
    notFound: (call) => {
      const access = accessOf(call.headers, state);
      return 'refusal' in access ? access.refusal : { status: 404, text: '', type: null };
    },
  });
  return {
    url,
    apiKey,
    readOnlyKey,
    close,
    controls: qdrantControls(state),
    state: () => stateSummary(state),
  };
}

function qdrantControls(state: QdrantState): QdrantStandIn['controls'] {
  return {
    version: (value) => (state.version = String(value)),
    strict: (value) => (state.strict = Boolean(value)),
    ready: (value) => (state.ready = Boolean(value)),
    suspended: (value) => (state.suspended = Boolean(value)),
    diskFull: (value) => (state.diskFull = Boolean(value)),
    uncounted: (value) => (state.uncounted = Number(value)),
    endlessScroll: (value) => (state.endlessScroll = value === true),
    keys: (value) => {
      for (const [key, keyStatus] of Object.entries(value as Record<string, unknown>))
        state.keys.set(key, keyStatus === 'valid' || keyStatus === 'read-only' ? keyStatus : 'revoked');
    },
  };
}

function stateSummary(state: QdrantState): Record<string, unknown> {
  const collections = [...state.collections].map(([name, { points }]) => [name, { points: points.size }]);
  return {
    version: state.version,
    collections: Object.fromEntries(collections),
    aliases: Object.fromEntries(state.aliases),
  };
}

/** Routes without authentication, as at the vendor: a 200 proves nothing about a key. */
function openRoutes(state: QdrantState): Route[] {
  const probe = (name: string, path = `/${name}`): Route => ({
    method: 'GET',
    path,
    name,
    handle: () => {
      if (name === 'readyz') {
        return state.ready
          ? { text: 'all shards are ready', type: 'text/plain' }
          : { status: 503, text: 'some shards are not ready', type: 'text/plain' };
      }
      return { text: 'healthz check passed', type: 'text/plain' };
    },
  });
  return [
    {
      method: 'GET',
      path: '/',
      name: 'version',
      handle: () => ({
        ...jsonReply,
        json: { title: 'qdrant - vector search engine', version: state.version, commit: 'stand-in' },
      }),
    },
    probe('healthz'),
    probe('readyz'),
    probe('livez'),
  ];
}

const answerWhenAwake = (route: Route, state: QdrantState): Route => ({
  ...route,
  handle: (call) => (state.suspended ? { status: 404, text: '404 page not found\n' } : route.handle(call)),
});

function withEnvelope({ result, ...route }: ResultRoute, state: QdrantState): Route {
  return {
    ...route,
    handle: (call): RouteReply => {
      const access = accessOf(call.headers, state);
      if ('refusal' in access) return access.refusal;
      const started = performance.now();
      const time = (): number => (performance.now() - started) / 1000;
      try {
        return { ...jsonReply, json: { result: result({ ...call, access }), status: 'ok', time: time() } };
      } catch (error) {
        if (!(error instanceof QdrantApiError)) throw error;
        const headers = error.retryAfter === null ? {} : { 'retry-after': String(error.retryAfter) };
        const json = { status: { error: error.message }, time: time() };
        return { ...jsonReply, status: error.status, json, headers };
      }
    },
  };
}

const jsonReply = { type: 'application/json' } as const;
