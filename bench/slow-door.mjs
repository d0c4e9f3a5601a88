import { connect, createServer } from 'node:net';

/** A way to PostgreSQL on which everything that is asked takes `delay.ms` longer. */
export async function openSlowDoor(databaseUrl) {
  const url = new URL(databaseUrl);
  const target = { port: Number(url.port), host: url.hostname };
  const delay = { ms: 0 };
  const server = createServer((client) => {
    const database = connect(target);
    const end = () => {
      client.destroy();
      database.destroy();
    };
    client.on('error', end).on('close', end);
    database.on('error', end).on('close', end).pipe(client);
    client.on('data', (bytes) => {
      if (delay.ms === 0) database.write(bytes);
      else setTimeout(() => database.write(bytes), delay.ms);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.port = String(server.address().port);
  return { url: url.href, delay, close: () => server.close() };
}
