import { connect, createServer } from 'node:net';

/**
 * A proxy for PostgreSQL that delays every request by `delay.ms`. After `suspend(ms)` the next connection has to wait
 * `ms` for the database to wake.
 */
export async function openSlowProxy(databaseUrl) {
  const url = new URL(databaseUrl);
  const target = { port: Number(url.port), host: url.hostname };
  const delay = { ms: 0 };
  const waking = { ms: 0, until: 0 };
  const server = createServer((client) => {
    const database = connect(target);
    if (waking.ms > 0) Object.assign(waking, { ms: 0, until: Date.now() + waking.ms });
    const end = () => {
      client.destroy();
      database.destroy();
    };
    client.on('error', end).on('close', end);
    database.on('error', end).on('close', end).pipe(client);
    client.on('data', (bytes) => {
      const wait = Math.max(delay.ms, waking.until - Date.now());
      if (wait <= 0) database.write(bytes);
      else setTimeout(() => database.write(bytes), wait);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.port = String(server.address().port);
  return {
    url: url.href,
    delay,
    suspend: (ms) => Object.assign(waking, { ms, until: 0 }),
    close: () => server.close(),
  };
}
