import type { RouteCall, RouteReply } from '../exchange/serve-routes.ts';

type RewriteRule = { source: string; destination: string };

/** The destination of a path by the first matching rewrite of a `vercel.json`; null when none matches. */
export function applyRewrites(text: string | undefined, path: string): string | null {
  if (text === undefined) return null;
  const { rewrites = [] } = JSON.parse(text) as { rewrites?: RewriteRule[] };
  for (const { source, destination } of rewrites) {
    const names: string[] = [];
    const pattern = source.replaceAll(
      /:(\w+)\*|:(\w+)|\.(?!\*)/g,
      (token, splat?: string, single?: string) => {
        if (token === '.') return '\\.';
        names.push(splat ?? single ?? '');
        return splat === undefined ? '([^/]+)' : '(.*)';
      },
    );
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match === null) continue;
    return destination
      .replaceAll(/:(\w+)\*?/g, (token, name: string) => {
        const at = names.indexOf(name);
        return at < 0 ? token : (match[at + 1] ?? '');
      })
      .replaceAll(/\$(\d)/g, (_, at: string) => match[Number(at)] ?? '');
  }
  return null;
}

/** Forwards a call as Vercel's proxy does, and streams the response. */
export async function forwardCall(call: RouteCall, url: string): Promise<RouteReply> {
  const { accept = '*/*', 'content-type': type = 'application/json', origin } = call.headers;
  const response = await fetch(url, {
    method: call.method,
    headers: { accept, 'content-type': type, ...(origin === undefined ? {} : { origin }) },
    ...(call.method === 'POST' ? { body: new Uint8Array(call.body) } : {}),
    signal: call.signal,
  }).catch(() => null);
  if (response === null) {
    return {
      status: 502,
      headers: { 'x-vercel-error': 'ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR' },
      text: 'Bad Gateway\n',
    };
  }
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) =>
      /^content-type$|^access-control-|^cache-control$|^vary$/.test(name),
    ),
  );
  return { status: response.status, headers, stream: piecesOf(response) };
}

async function* piecesOf(response: Response): AsyncGenerator<Buffer> {
  for await (const piece of response.body ?? []) yield Buffer.from(piece);
}
