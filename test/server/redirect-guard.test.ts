import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withRedirectGuard } from '../../server/redirect-guard.ts';

const stolen: string[] = [];
const thief = createServer((request, response) => {
  stolen.push(JSON.stringify(request.headers));
  response.end('{}');
});
const vendor = createServer((_, response) => {
  const { port } = thief.address() as AddressInfo;
  response.writeHead(307, { location: `http://localhost:${port}/steal` }).end();
});
const listen = (server: typeof vendor): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = (): string => `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/`;

beforeAll(async () => {
  await Promise.all([listen(thief), listen(vendor)]);
});
afterAll(() => {
  thief.close();
  vendor.close();
});

it.each(['x-goog-api-key', 'api-key'])('a redirect to another host does not get the %s', async (header) => {
  const safe = withRedirectGuard(fetch);
  await expect(
    safe(url(), { method: 'POST', body: '{}', headers: { [header]: 'canary' } }),
  ).rejects.toThrow();
  await expect(safe(new Request(url(), { headers: { [header]: 'canary' } }))).rejects.toThrow();
  expect(stolen.join()).not.toContain('canary');
});

it('redirects of requests without a key are followed', async () => {
  expect((await withRedirectGuard(fetch)(url())).status).toBe(200);
});
