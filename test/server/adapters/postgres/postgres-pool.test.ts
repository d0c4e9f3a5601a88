import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { startPostgres, type Postgres } from '../../../../sandbox/postgres/postgres.ts';
import { createPostgresStore } from '../../../../server/adapters/postgres/postgres-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'rag-space-roads-test-'));
const { signal } = new AbortController();
let postgres: Postgres;
let relay: WebSocketServer;

/** A relay like Neon's: a WebSocket whose messages are the bytes of a database connection. */
beforeAll(async () => {
  chmodSync(folder, 0o755);
  postgres = await startPostgres({ folder, password: 'secret' });
  relay = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  relay.on('connection', (socket) => {
    const bytes = createWebSocketStream(socket);
    const upstream = connect(postgres.port, '127.0.0.1');
    bytes.pipe(upstream).pipe(bytes);
    for (const end of [bytes, upstream]) end.on('error', () => upstream.destroy());
  });
});
afterAll(async () => {
  relay.close();
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (port: number): string => postgres.url.replace(`:${postgres.port}`, `:${port}`);
const relayTransport = () => ({
  address: () => `127.0.0.1:${(relay.address() as AddressInfo).port}`,
  secure: false,
});

test('where the port is refused, the WebSocket is used', async () => {
  const store = createPostgresStore({ databaseUrl: at(1), fallback: relayTransport() });
  const conversationId = randomUUID();
  const [id, turnId] = [randomUUID(), randomUUID()];
  const message = { id, turnId, conversationId, role: 'user', content: 'x', sources: null } as const;
  await store.storeAll({ messages: [{ ...message, status: 'complete', at: new Date() }], signal });
  const conversations = await store.messages({ conversationIds: [conversationId], signal });
  expect(conversations.get(conversationId)).toHaveLength(1);
  expect(store.activeEndpoint()).toBe('443 (WebSocket)');
  await store.close();
});

test('where the port does not answer, the WebSocket does not wait for its timeout', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const port = (silent.address() as AddressInfo).port;
  const store = createPostgresStore({
    databaseUrl: at(port),
    fallback: relayTransport(),
    connectTimeoutMs: 20_000,
  });
  await store.prepare({ signal });
  expect(store.activeEndpoint()).toBe('443 (WebSocket)');
  void store.close();
  silent.close();
});

test('an open port is used, and a wrong password is reported at once', async () => {
  const store = createPostgresStore({ databaseUrl: postgres.url, fallback: relayTransport() });
  await store.prepare({ signal });
  expect(store.activeEndpoint()).toBe(String(postgres.port));
  await store.close();
  const wrong = createPostgresStore({
    databaseUrl: postgres.url.replace('secret', 'wrong'),
    fallback: relayTransport(),
  });
  await expect(wrong.prepare({ signal })).rejects.toMatchObject({ code: 'postgres-login-rejected' });
});
