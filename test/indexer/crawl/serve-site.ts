import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type ServedPage =
  | string
  | { status: number; headers?: Record<string, string>; body?: string }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** Serves pages by decoded path on loopback until the test ends; `{origin}` in a text becomes the site's origin. */
export async function serveSite(
  pages: Record<string, ServedPage>,
): Promise<{ origin: string; requestedPaths: string[] }> {
  const requestedPaths: string[] = [];
  const site = { origin: '', requestedPaths };
  const server = createServer((request, response) => {
    const path = decodeURI(request.url ?? '/');
    requestedPaths.push(path);
    const page = pages[path] ?? { status: 404 };
    if (typeof page === 'function') return page(request, response);
    const { status, headers = {}, body = '' } = typeof page === 'string' ? { status: 200, body: page } : page;
    const type = path.endsWith('.xml') ? 'application/xml' : 'text/html; charset=utf-8';
    response.writeHead(status, {
      'content-type': type,
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, withOrigin(value)])),
    });
    response.end(withOrigin(body));
  });
  const withOrigin = (text: string): string => text.replaceAll('{origin}', site.origin);
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  site.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return site;
}

/** A sitemap of these paths or absolute URLs. */
export function sitemapOf(paths: readonly string[]): string {
  const urls = paths.map(
    (path) => `<url><loc>${path.startsWith('http') ? path : `{origin}${path}`}</loc></url>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>`;
}
