import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * A random free loopback port below the range from which systems give ports to connections (32768 on Linux, 49152
 * elsewhere; RFC 6335). Another process could get a port from that range before the caller listens on it. It is above
 * 10080, the last one that `fetch` refuses (Fetch standard, bad port).
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_081, 32_000);
    const server = await listenOn(port);
    if (server === null) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** Null where the port is taken. */
function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
