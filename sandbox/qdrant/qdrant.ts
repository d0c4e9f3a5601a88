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
  /** Reads everything, writes nothing: `service.read_only_api_key` of the vendor's configuration. */
  readOnlyKey: string;
  /** What `POST /world` may turn: version, strict, ready, suspended. */
  controls: Record<string, (value: unknown) => void>;
  /** Names and sizes, for a test to read. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

/** Serves Qdrant's REST interface from memory, on a loopback port of its own. */
export async function startQdrant(options: {
  faults: Faults;
  record: ExchangeRecord;
  apiKey?: string;
  port?: number;
}): Promise<QdrantStandIn> {
  const apiKey = options.apiKey ?? 'sandbox-qdrant-key';
  const readOnlyKey = `${apiKey}-read-only`;
  const world = createQdrantState();
  world.keys.set(apiKey, 'valid').set(readOnlyKey, 'read-only');
  const guarded = [
    ...collectionRoutes(world),
    ...aliasRoutes(world),
    ...pointWriteRoutes(world),
    ...pointReadRoutes(world),
  ];
  const routes = [...openRoutes(world), ...guarded.map((route) => withEnvelope(route, world))].map((route) =>
    unlessSuspended(route, world),
  );
  const { url, close } = await serveRoutes({
    ...options,
    vendor: 'qdrant',
    routes,
    notFound: (call) => rejectKey(call, world) ?? { status: 404, text: '' },
  });
  return {
    url,
    apiKey,
    readOnlyKey,
    close,
    controls: qdrantControls(world),
    state: () => stateSummary(world),
  };
}

function qdrantControls(world: QdrantState): QdrantStandIn['controls'] {
  return {
    version: (value) => (world.version = String(value)),
    strict: (value) => (world.strict = Boolean(value)),
    ready: (value) => (world.ready = Boolean(value)),
    suspended: (value) => (world.suspended = Boolean(value)),
    keys: (value) => {
      for (const [key, state] of Object.entries(value as Record<string, unknown>))
        world.keys.set(key, state === 'valid' ? 'valid' : 'revoked');
    },
  };
}

function stateSummary(world: QdrantState): Record<string, unknown> {
  const collections = [...world.collections].map(([name, { points }]) => [name, { points: points.size }]);
  return {
    version: world.version,
    collections: Object.fromEntries(collections),
    aliases: Object.fromEntries(world.aliases),
  };
}

/** Answered without a key by the vendor too: a 200 here proves nothing about one. */
function openRoutes(world: QdrantState): Route[] {
  const probe = (name: string, path = `/${name}`): Route => ({
    method: 'GET',
    path,
    name,
    handle: () => {
      if (name === 'readyz') {
        return world.ready
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
        json: { title: 'qdrant - vector search engine', version: world.version, commit: 'stand-in' },
      }),
    },
    probe('healthz'),
    probe('readyz'),
    probe('livez'),
  ];
}

const unlessSuspended = (route: Route, world: QdrantState): Route => ({
  ...route,
  handle: (call) => (world.suspended ? { status: 404, text: '404 page not found\n' } : route.handle(call)),
});

function withEnvelope({ result, ...route }: ResultRoute, world: QdrantState): Route {
  return {
    ...route,
    handle: (call) => {
      const refused = rejectKey(call, world, route.writes);
      if (refused !== null) return refused;
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

/** The vendor's refusals are plain text, the one place where it leaves its JSON envelope. */
function rejectKey(call: RouteCall, { keys }: QdrantState, writes = false): RouteReply | null {
  const header = call.headers['api-key'];
  const bearer = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const given = (Array.isArray(header) ? header[0] : header) ?? bearer;
  if (given === undefined) {
    return { status: 401, text: 'Must provide an API key or an Authorization bearer token' };
  }
  const state = keys.get(given);
  if (state === 'read-only') {
    return writes
      ? { status: 403, json: { status: { error: 'Forbidden: Global manage access is required' }, time: 0 } }
      : null;
  }
  return state === 'valid' ? null : { status: 401, text: 'Invalid API key or JWT' };
}
