import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type ServedPage =
  | string
  | { status: number; headers?: Record<string, string>; body?: string }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** A site on loopback, by decoded path; `{origin}` in a text becomes its own address. Ends with the test. */
export async function serveSite(
  pages: Record<string, ServedPage>,
): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const site = { origin: '', asked };
  const server = createServer((request, response) => {
    const path = decodeURI(request.url ?? '/');
    asked.push(path);
    const found = pages[path] ?? { status: 404 };
    if (typeof found === 'function') return found(request, response);
    const {
      status,
      headers = {},
      body = '',
    } = typeof found === 'string' ? { status: 200, body: found } : found;
    const type = path.endsWith('.xml') ? 'application/xml' : 'text/html; charset=utf-8';
    response.writeHead(status, {
      'content-type': type,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, own(value)])),
    });
    response.end(own(body));
  });
  const own = (text: string): string => text.replaceAll('{origin}', site.origin);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  site.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return site;
}

export function sitemapOf(paths: readonly string[]): string {
  const urls = paths.map(
    (path) => `<url><loc>${path.startsWith('http') ? path : `{origin}${path}`}</loc></url>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>`;
}
