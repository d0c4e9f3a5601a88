import { serveRoutes, type RouteCall, type RouteReply, type Route } from '../exchange/serve-routes.ts';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { aliasRoutes } from './alias-routes.ts';
import { collectionRoutes } from './collection-routes.ts';
import { QdrantApiError } from './errors.ts';
import { pointWriteRoutes } from './point-write-routes.ts';
import { pointReadRoutes } from './point-read-routes.ts';
import type { ResultRoute } from './result-route.ts';
import { createQdrantState, type QdrantState } from './state.ts';

export type QdrantStandIn = {
  url: string;
  apiKey: string;
  /** A key that may read but not write: `service.read_only_api_key` in Qdrant's configuration. */
  readOnlyKey: string;
  /** What `POST /world` can set: version, strict, ready, suspended, keys. */
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
}): Promise<QdrantStandIn> {
  const apiKey = options.apiKey ?? 'sandbox-qdrant-key';
  const readOnlyKey = `${apiKey}-read-only`;
  const state = createQdrantState();
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
    notFound: (call) => rejectKey(call, state) ?? { status: 404, text: '' },
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
    keys: (value) => {
      for (const [key, keyStatus] of Object.entries(value as Record<string, unknown>))
        state.keys.set(key, keyStatus === 'valid' ? 'valid' : 'revoked');
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
          ? { text: 'all shards are ready' }
          : { status: 503, text: 'some shards are not ready' };
      }
      return { text: `${name} check passed` };
    },
  });
  return [
    {
      method: 'GET',
      path: '/',
      name: 'version',
      handle: () => ({
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
    handle: (call) => {
      const rejection = rejectKey(call, state, route.writes);
      if (rejection !== null) return rejection;
      const started = performance.now();
      const time = (): number => (performance.now() - started) / 1000;
      try {
        return { json: { result: result(call), status: 'ok', time: time() } };
      } catch (error) {
        if (!(error instanceof QdrantApiError)) throw error;
        return { status: error.status, json: { status: { error: error.message }, time: time() } };
      }
    },
  };
}

/** Authentication errors are plain text, the only ones outside the JSON envelope. */
function rejectKey(call: RouteCall, { keys }: QdrantState, writes = false): RouteReply | null {
  const header = call.headers['api-key'];
  const bearer = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const key = (Array.isArray(header) ? header[0] : header) ?? bearer;
  if (key === undefined) {
    return { status: 401, text: 'Must provide an API key or an Authorization bearer token' };
  }
  const keyStatus = keys.get(key);
  if (keyStatus === 'read-only') {
    return writes
      ? { status: 403, json: { status: { error: 'Forbidden: Global manage access is required' }, time: 0 } }
      : null;
  }
  return keyStatus === 'valid' ? null : { status: 401, text: 'Invalid API key or JWT' };
}
