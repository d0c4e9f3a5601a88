import type { RouteCall, RouteReply } from '../exchange/serve-routes.ts';

type RewriteRule = { source: string; destination: string };

/** Where the first rule of a `vercel.json` that fits sends a path; null when none does. */
export function applyRewrites(text: string | undefined, path: string): string | null {
  if (text === undefined) return null;
  const { rewrites = [] } = JSON.parse(text) as { rewrites?: RewriteRule[] };
  for (const { source, destination } of rewrites) {
    const names: string[] = [];
    const pattern = source.replaceAll(/:(\w+)\*|:(\w+)|\.(?!\*)/g, (whole, rest?: string, one?: string) => {
      if (whole === '.') return '\\.';
      names.push(rest ?? one ?? '');
      return rest === undefined ? '([^/]+)' : '(.*)';
    });
    const found = new RegExp(`^${pattern}$`).exec(path);
    if (found === null) continue;
    return destination
      .replaceAll(/:(\w+)\*?/g, (whole, name: string) => {
        const at = names.indexOf(name);
        return at < 0 ? whole : (found[at + 1] ?? '');
      })
      .replaceAll(/\$(\d)/g, (_, at: string) => found[Number(at)] ?? '');
  }
  return null;
}

/** The vendor's proxy: the call as it came, the answer as it comes. */
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
