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

/** What a site shows at this moment. */
export type SiteContent = { type: 'files'; files: ProjectFiles } | { type: 'login' } | { type: 'nothing' };

/** Serves static files on a loopback port that stays the same while `shown` changes. */
export async function startSite(options: {
  faults: Faults;
  record: ExchangeRecord;
  shown: () => SiteContent;
}): Promise<{ url: string; host: string; close(): Promise<void> }> {
  const { url, port, close } = await serveRoutes({
    vendor: 'frontend',
    faults: options.faults,
    record: options.record,
    routes: ['GET', 'HEAD', 'POST', 'OPTIONS'].map((method) => ({
      method,
      path: '/*path',
      name: 'page',
      handle: (call) => answerCall(options.shown(), call),
    })),
  });
  return { url, host: `127.0.0.1:${port}`, close };
}

/** A file first, then the rewrites of `vercel.json` in their order. */
function answerCall(shown: SiteContent, call: RouteCall): RouteReply | Promise<RouteReply> {
  const path = call.params['path'] ?? '';
  const isRead = call.method === 'GET' || call.method === 'HEAD';
  const direct = isRead ? contentReply(shown, path) : null;
  if (shown.type !== 'files' || (direct !== null && direct.status !== 404))
    return direct ?? contentReply(shown, path);
  const to = applyRewrites(shown.files.get('vercel.json'), `/${path}`);
  if (to === null) return direct ?? { status: 405, text: 'Method Not Allowed\n' };
  if (to.startsWith('/')) return contentReply(shown, to.slice(1));
  return forwardCall(call, to);
}

function contentReply(shown: SiteContent, path: string): RouteReply {
  const headers = { server: 'Vercel' };
  if (shown.type === 'login') {
    const text =
      '<!doctype html><title>Authentication Required</title><p>This page requires Vercel authentication.</p>';
    return { status: 401, headers: { ...headers, 'content-type': types['html'] ?? '' }, text };
  }
  if (shown.type === 'nothing') {
    return {
      status: 404,
      headers: { ...headers, 'x-vercel-error': 'DEPLOYMENT_NOT_FOUND' },
      text: 'The deployment could not be found on Vercel.\n\nDEPLOYMENT_NOT_FOUND\n',
    };
  }
  const wanted = path === '' || path.endsWith('/') ? `${path}index.html` : path;
  const isHidden = wanted === 'vercel.json';
  const found = [wanted, `${wanted}.html`, `${wanted}/index.html`].find((one) => shown.files.has(one));
  if (found === undefined || isHidden) {
    return {
      status: 404,
      headers: { ...headers, 'x-vercel-error': 'NOT_FOUND' },
      text: 'The page could not be found\n\nNOT_FOUND\n',
    };
  }
  const type = types[found.slice(found.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  const cache = found.startsWith('assets/')
    ? 'public, max-age=31536000, immutable'
    : 'public, max-age=0, must-revalidate';
  return {
    headers: { ...headers, 'content-type': type, 'cache-control': cache, 'x-vercel-cache': 'HIT' },
    text: shown.files.get(found) ?? '',
  };
}
