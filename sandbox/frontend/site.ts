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
export type SiteContent =
  | { type: 'files'; files: ProjectFiles }
  /** A function answers every call. */
  | { type: 'function'; call: (call: RouteCall) => Promise<RouteReply> }
  | { type: 'login' }
  /** The account is paused. */
  | { type: 'disabled' }
  | { type: 'nothing' };

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

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
    routes: methods.map((method) => ({
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
  if (content.type === 'function') return content.call(call);
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

function contentReply(content: Exclude<SiteContent, { type: 'function' }>, path: string): RouteReply {
  const headers = { server: 'Vercel' };
  if (content.type === 'login') {
    const text =
      '<!doctype html><title>Authentication Required</title><p>This page requires Vercel authentication.</p>';
    return { status: 401, headers: { ...headers, 'content-type': types['html'] ?? '' }, text };
  }
  if (content.type === 'disabled') {
    return {
      status: 402,
      headers: { ...headers, 'x-vercel-error': 'DEPLOYMENT_DISABLED' },
      text: 'This deployment is temporarily paused\n\nDEPLOYMENT_DISABLED\n',
    };
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
