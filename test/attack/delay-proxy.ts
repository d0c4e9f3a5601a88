/** A TCP proxy that delivers every byte later, as a distant database does. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type DelayProxy = { port: number; close(): Promise<void> };

/** `ms` is the round trip: all of it is added on the way to `port`. */
export async function startDelayProxy({ port, ms }: { port: number; ms: number }): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ port, host: '127.0.0.1' });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes) => setTimeout(() => void (upstream.destroyed || upstream.write(bytes)), ms));
    client.on('close', () => setTimeout(() => upstream.destroy(), ms));
    upstream.on('data', (bytes) => void (client.destroyed || client.write(bytes)));
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
