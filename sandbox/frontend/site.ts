import { serveRoutes, type RouteCall, type RouteReply } from '../exchange/serve-routes.ts';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { forwardCall, applyRewrites } from './rewrites.ts';
import type { ProjectFiles } from './site-source.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'application/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
};

/** What a site serves. */
export type SiteContent = { type: 'files'; files: ProjectFiles } | { type: 'login' } | { type: 'nothing' };

/** Serves a site on a loopback port that stays the same while its content changes. */
export async function startSite(options: {
  faults: Faults;
  record: ExchangeRecord;
  content: () => SiteContent;
}): Promise<{ url: string; host: string; close(): Promise<void> }> {
  const { url, port, close } = await serveRoutes({
    vendor: 'frontend',
    faults: options.faults,
    record: options.record,
    routes: ['GET', 'HEAD', 'POST', 'OPTIONS'].map((method) => ({
      method,
      path: '/*path',
      name: 'page',
      handle: (call) => answerCall(options.content(), call),
    })),
  });
  return { url, host: `127.0.0.1:${port}`, close };
}

/** Files come first, then the rewrites of `vercel.json` in their order. */
function answerCall(content: SiteContent, call: RouteCall): RouteReply | Promise<RouteReply> {
  const path = call.params['path'] ?? '';
  const isRead = call.method === 'GET' || call.method === 'HEAD';
  const direct = isRead ? contentReply(content, path) : null;
  if (content.type !== 'files' || (direct !== null && direct.status !== 404))
    return direct ?? contentReply(content, path);
  const destination = applyRewrites(content.files.get('vercel.json'), `/${path}`);
  if (destination === null) return direct ?? { status: 405, text: 'Method Not Allowed\n' };
  if (destination.startsWith('/')) return contentReply(content, destination.slice(1));
  return forwardCall(call, destination);
}

function contentReply(content: SiteContent, path: string): RouteReply {
  const headers = { server: 'Vercel' };
  if (content.type === 'login') {
    const text =
      '<!doctype html><title>Authentication Required</title><p>This page requires Vercel authentication.</p>';
    return { status: 401, headers: { ...headers, 'content-type': types['html'] ?? '' }, text };
  }
  if (content.type === 'nothing') {
    return {
      status: 404,
      headers: { ...headers, 'x-vercel-error': 'DEPLOYMENT_NOT_FOUND' },
      text: 'The deployment could not be found on Vercel.\n\nDEPLOYMENT_NOT_FOUND\n',
    };
  }
  const page = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  const isHidden = page === 'vercel.json';
  const file = [page, `${page}.html`, `${page}/index.html`].find((candidate) => content.files.has(candidate));
  if (file === undefined || isHidden) {
    return {
      status: 404,
      headers: { ...headers, 'x-vercel-error': 'NOT_FOUND' },
      text: 'The page could not be found\n\nNOT_FOUND\n',
    };
  }
  const type = types[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const cache = file.startsWith('assets/')
    ? 'public, max-age=31536000, immutable'
    : 'public, max-age=0, must-revalidate';
  return {
    headers: { ...headers, 'content-type': type, 'cache-control': cache, 'x-vercel-cache': 'HIT' },
    text: content.files.get(file) ?? '',
  };
}
