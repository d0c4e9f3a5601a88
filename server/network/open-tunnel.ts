import { request } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ProxyError, type Proxy } from './proxy-for.ts';

/** Milliseconds until a proxy has opened a tunnel: it looks up the host and connects to it. */
const tunnelTimeoutMs = 20_000;

/** A connection to `host:port` through a proxy (RFC 9110, CONNECT). Rejects with a ProxyError that names the proxy. */
export function openTunnel({
  proxy: { url, authorization },
  host,
  port,
}: {
  proxy: Proxy;
  /** An IPv6 number without its brackets. */
  host: string;
  port: number;
}): Promise<Socket> {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const outgoing = request({
    method: 'CONNECT',
    path: target,
    headers: {
      host: target,
      ...(authorization !== null && { 'proxy-authorization': authorization }),
    },
    // Also keeps Node's agents out, which lead through the proxy.
    createConnection: () => connectToProxy(url),
    timeout: tunnelTimeoutMs,
  });
  const failed = (reason: string, cause?: unknown): ProxyError =>
    new ProxyError(`the proxy ${url.host} ${reason}`, { cause });
  return new Promise((resolve, reject) => {
    outgoing.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        return resolve(socket);
      }
      socket.destroy();
      reject(failed(statusCode === 407 ? 'wants a login (407)' : `opens no way to ${host} (${statusCode})`));
    });
    // A proxy that answers CONNECT as any other request.
    outgoing.once('response', ({ statusCode }) => {
      outgoing.destroy();
      reject(failed(`opens no way to ${host} (${statusCode})`));
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.once('error', (cause) => {
      const code: unknown = Reflect.get(cause, 'code');
      reject(failed(`could not be reached (${typeof code === 'string' ? code : cause.message})`, cause));
    });
    outgoing.end();
  });
}

function connectToProxy(url: URL): Socket {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const isSecure = url.protocol === 'https:';
  const port = Number(url.port || (isSecure ? 443 : 80));
  return isSecure
    ? connectTls({ host, port, servername: isIP(host) === 0 ? host : '' })
    : connectTcp({ host, port });
}
