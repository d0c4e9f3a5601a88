import { Agent, request as ask, type IncomingMessage } from 'node:http';
import type { RouteCall, RouteReply } from '../../exchange/serve-routes.ts';

const agent = new Agent({ keepAlive: true });

/** Sends a call on as Vercel's proxy does: the client's address is the proxy's word, and the answer is streamed. */
export async function forwardToInstance(
  call: RouteCall,
  { origin, onEnd }: { origin: string; onEnd: () => void },
): Promise<RouteReply> {
  const { host, connection: _connection, 'transfer-encoding': _transfer, ...headers } = call.headers;
  const client = String(headers['x-sandbox-client'] ?? '203.0.113.7');
  const search = call.query.size === 0 ? '' : `?${call.query.toString()}`;
  const answer = await new Promise<IncomingMessage | null>((resolve) => {
    const upstream = ask(`${origin}${call.path}${search}`, {
      agent,
      method: call.method,
      headers: {
        ...headers,
        'content-length': call.body.length,
        'x-forwarded-for': client,
        'x-real-ip': client,
        'x-forwarded-host': host ?? '',
        'x-forwarded-proto': 'https',
        'x-vercel-id': 'iad1::sandbox',
      },
      signal: call.signal,
    });
    upstream.once('response', resolve);
    upstream.once('error', () => resolve(null));
    upstream.end(call.body);
  });
  if (answer === null) {
    onEnd();
    return { status: 502, headers: { 'x-vercel-error': 'FUNCTION_INVOCATION_FAILED' }, text: '' };
  }
  return {
    status: answer.statusCode ?? 502,
    headers: { ...sentHeaders(answer), server: 'Vercel', 'x-vercel-id': 'iad1::iad1::sandbox' },
    stream: piecesOf(answer, onEnd),
  };
}

async function* piecesOf(answer: IncomingMessage, onEnd: () => void): AsyncGenerator<Buffer> {
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) yield piece;
  } finally {
    onEnd();
  }
}

function sentHeaders({ headers }: IncomingMessage): Record<string, string> {
  const own = ['connection', 'keep-alive', 'transfer-encoding'];
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !own.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
