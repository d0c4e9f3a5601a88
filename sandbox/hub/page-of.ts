import type { RouteCall } from '../exchange/serve-routes.ts';

/** One page of a list, and the `Link` header that leads to the next, as the Hub pages its lists; `cursor` is opaque. */
export function pageOf<T>(
  items: readonly T[],
  { call, url, size }: { call: RouteCall; url: string; size: number },
): { page: readonly T[]; link: Record<string, string> } {
  const cursor = call.query.get('cursor');
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  const to = from + size;
  if (to >= items.length) return { page: items.slice(from), link: {} };
  const query = new URLSearchParams(call.query);
  query.set('cursor', Buffer.from(String(to)).toString('base64url'));
  return { page: items.slice(from, to), link: { link: `<${url}${call.path}?${query}>; rel="next"` } };
}
