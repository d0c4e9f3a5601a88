import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { openTunnel } from './open-tunnel.ts';
import { hasProxy, proxyFor } from './proxy-for.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Fetch = typeof globalThis.fetch;
type Done = (error: Error | null, socket: Socket | null) => void;

/**
 * Leads this process's requests through the proxy of its environment, if it names one: those of `fetch`, and those of
 * node:http's agents, which the vendors' packages and the server's own connections use. Node reads these variables
 * itself only from 24 on, and only with NODE_USE_ENV_PROXY set.
 */
export function installProxy(env: Environment): void {
  if (!hasProxy(env)) return;
  globalThis.fetch = proxiedFetch(globalThis.fetch, env);
  installInAgent(HttpAgent.prototype, 'http:', env);
  installInAgent(HttpsAgent.prototype, 'https:', env);
}

type ConnectOptions = {
  host?: string | null;
  port?: number | string | null;
  servername?: string;
  socketPath?: string;
};
type Connect = (this: unknown, options: ConnectOptions, done?: Done) => Socket | null | undefined;

/** `createConnection` is documented as the method to override for a connection that is opened otherwise. */
function installInAgent(prototype: object, protocol: string, env: Environment): void {
  const agent = prototype as { createConnection: Connect };
  const connect = agent.createConnection;
  agent.createConnection = function createConnection(options, done) {
    const host = options.host ?? 'localhost';
    const port = Number(options.port ?? (protocol === 'https:' ? 443 : 80));
    const proxy = options.socketPath === undefined ? proxyFor(urlOf(protocol, host, port), env) : null;
    if (proxy === null) return connect.call(this, options, done);
    openTunnel({ proxy, host, port }).then(
      (socket) =>
        // With a socket, the own method only adds TLS.
        done?.(null, protocol === 'http:' ? socket : (connect.call(this, { ...options, socket }) ?? null)),
      (error: Error) => done?.(error, null),
    );
    return undefined;
  };
}

/** What `fetch` connects with (undici, `Client.connect`). */
type FetchConnect = (
  options: { hostname: string; port: string; protocol: string; servername?: string | null },
  done: Done,
) => void;
type DispatcherClass = new (options: { connect: FetchConnect }) => object;

function proxiedFetch(fetch: Fetch, env: Environment): Fetch {
  const dispatcher = new (fetchAgentClass())({
    connect: ({ hostname, port, protocol, servername }, done) => {
      const host = hostname.replaceAll(/^\[|\]$/g, '');
      const at = { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
      openSocket({ ...at, protocol, servername: servername ?? host, env }).then(
        (socket) => done(null, socket),
        (error: Error) => done(error, null),
      );
    },
  });
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    // `dispatcher` is an option of Node's fetch only, so the standard's type does not have it.
    const proxied = { ...init, dispatcher } as RequestInit;
    return fetch(input, proxyFor(url, env) === null ? init : proxied);
  };
}

/**
 * The class of the connections behind this Node's `fetch`, which Node does not export. Its default instance is a global
 * under this name (undici, lib/global.js; the number is that of the interface, 2 from Node 24 on).
 */
function fetchAgentClass(): DispatcherClass {
  // The first use of a class of `fetch` loads it.
  void Response.name;
  for (const version of [2, 1]) {
    const agent: unknown = Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`));
    if (typeof agent === 'object' && agent !== null) return agent.constructor as DispatcherClass;
  }
  throw new Error('This Node’s fetch takes no proxy.');
}

async function openSocket({
  host,
  port,
  protocol,
  servername,
  env,
}: {
  host: string;
  port: number;
  protocol: string;
  servername: string;
  env: Environment;
}): Promise<Socket> {
  // Asked again: a redirect may lead to a host without a proxy.
  const proxy = proxyFor(urlOf(protocol, host, port), env);
  const socket = proxy === null ? connectTcp({ host, port }) : await openTunnel({ proxy, host, port });
  if (protocol === 'http:') return proxy === null ? opened(socket, 'connect') : socket;
  return opened(connectTls({ socket, servername, ALPNProtocols: ['http/1.1'] }), 'secureConnect');
}

/** The socket, when this event says that it is open. */
function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function urlOf(protocol: string, host: string, port: number): URL {
  return new URL(`${protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`);
}
