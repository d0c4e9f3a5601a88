import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openEarlyListener, type EarlyListener } from '../../../server/http/early-listener.ts';
import { freePort } from '../../../sandbox/free-port.ts';

let door: EarlyListener;
const unasked = () => ({ code: 503, body: '' });
afterEach(() => door.close());

test('before the server is loaded, health is `starting` and questions wait', async () => {
  const port = await freePort();
  door = await openEarlyListener({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${port}`;
  expect((await fetch(`${url}/api/live`)).status).toBe(200);
  const health = await fetch(`${url}/api/health`);
  expect([health.status, await health.json()]).toMatchObject([503, { status: 'starting' }]);
  const question = fetch(`${url}/api/chat`, { method: 'POST', body: 'kept' });
  const browser = fetch(`${url}/api/health`, { headers: { origin: 'https://book.example' } });
  const handler: RequestListener = (request, response) => {
    request.pipe(response.writeHead(200, { 'x-path': request.url ?? '' }));
  };
  door.attach(handler, () => ({ code: 200, body: '{"status":"healthy"}' }));
  expect(await (await question).text()).toBe('kept');
  expect((await browser).headers.get('x-path')).toBe('/api/health');
  expect((await fetch(`${url}/api/health?x`)).headers.get('x-path')).toBe('/api/health?x');
  const now = await fetch(`${url}/api/health`);
  expect([now.status, now.headers.get('x-path'), await now.json()]).toEqual([
    200,
    null,
    { status: 'healthy' },
  ]);
  expect(await (await fetch(`${url}/api/live`)).json()).toEqual({ status: 'alive' });
});

const mostPieces = 500;

/** Sends a chunk every 20 ms until it is cut off; resolves to everything received. */
function trickle(port: number, pieces: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    let sent = 0;
    const socket: Socket = connect({ port, host: '127.0.0.1' });
    // Queued first, however long connecting takes.
    socket.write(pieces[0] ?? '');
    const timer = setInterval(() => {
      sent += 1;
      if (sent > mostPieces) {
        received = 'never cut off';
        socket.destroy();
        return;
      }
      socket.write(pieces[Math.min(sent, pieces.length - 1)] ?? '');
    }, 20);
    socket.on('data', (bytes) => (received += bytes.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      clearInterval(timer);
      resolve(received);
    });
  });
}

test('a slow head and a slow body are cut off, and other clients are answered meanwhile', async () => {
  const port = await freePort();
  door = await openEarlyListener({
    host: '127.0.0.1',
    port,
    times: { head: 200, request: 400, idle: 300, checkInterval: 50 },
  });
  const bodies: string[] = [];
  door.attach((request, response) => {
    request.on('data', (bytes: Buffer) => bodies.push(bytes.toString()));
    request.on('end', () => response.end('whole'));
    request.on('error', () => response.destroy());
  }, unasked);
  const head = 'POST /api/chat HTTP/1.1\r\nhost: a\r\n';
  const slow = Promise.all([
    trickle(port, [head, 'x-a: b\r\n']),
    trickle(port, [`${head}content-length: 100000\r\n\r\n`, 'x']),
    trickle(port, [`${head}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n']),
  ]);
  const other = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'y' });
  expect(await other.text()).toBe('whole');
  for (const received of await slow) expect(received).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  expect(bodies.join('')).toContain('x');
});
