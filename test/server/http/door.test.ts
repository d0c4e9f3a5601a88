import { afterEach, expect, test } from 'vitest';
import { openDoor, type Door } from '../../../server/http/door.ts';
import { freePort } from '../../../sandbox/free-port.ts';

let door: Door;
afterEach(() => door.close());

test('before the server is loaded it says that it starts, and keeps questions for the server', async () => {
  const port = await freePort();
  door = await openDoor({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${port}`;
  expect((await fetch(`${url}/api/live`)).status).toBe(200);
  const health = await fetch(`${url}/api/health`);
  expect([health.status, await health.json()]).toMatchObject([503, { status: 'starting' }]);
  const asked = fetch(`${url}/api/chat`, { method: 'POST', body: 'kept' });
  const browser = fetch(`${url}/api/health`, { headers: { origin: 'https://book.example' } });
  door.handOver((request, response) => {
    request.pipe(response.writeHead(200, { 'x-path': request.url ?? '' }));
  });
  expect(await (await asked).text()).toBe('kept');
  expect((await browser).headers.get('x-path')).toBe('/api/health');
  expect((await fetch(`${url}/api/live`)).headers.get('x-path')).toBe('/api/live');
});
