import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HttpFailure } from '../../../wizard/clients/http-failure.ts';
import { createHttp, type Http, type HttpRequest, type HttpRetry } from '../../../wizard/clients/http.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers in turn, the last one for ever; `calls` counts. */
async function answering(...answers: [status: number, body: string, headers?: Record<string, string>][]) {
  const seen = { calls: 0 };
  const url = await serve((_, response) => {
    const [status, body, headers] = answers[Math.min(seen.calls++, answers.length - 1)] ?? [500, ''];
    response.writeHead(status, headers).end(body);
  });
  return { url, seen };
}

function client(): { http: Http; waits: number[]; retries: HttpRetry[] } {
  const waits: number[] = [];
  const retries: HttpRetry[] = [];
  const http = createHttp({
    fetch,
    sleep: async (ms) => waits.push(ms),
    random: () => 0.5,
    onRetry: (retry) => retries.push(retry),
  });
  return { http, waits, retries };
}

const schema = z.looseObject({ name: z.string() });
const about = {
  service: 'vercel',
  what: 'reading the account',
  signal: new AbortController().signal,
} as const;

async function failure(http: Http, request: Partial<HttpRequest> & { url: string }): Promise<HttpFailure> {
  const error: unknown = await http
    .request({ ...about, schema, ...request })
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof HttpFailure)) throw new Error(`expected a failure, got ${inspect(error)}`);
  return error;
}

describe('calls to vendors', () => {
  it('retries transient failures, waits as long as the vendor asks, and reports each retry', async () => {
    const { url, seen } = await answering(
      [503, ''],
      [429, '', { 'retry-after': '2' }],
      [200, '{"name":"ana"}'],
    );
    const { http, waits, retries } = client();
    expect(await http.request({ ...about, url, schema })).toEqual({ name: 'ana' });
    expect([seen.calls, waits]).toEqual([3, [400, 2000]]);
    expect(retries.map(({ attempt, of: tries }) => `${attempt}/${tries}`)).toEqual(['2/3', '3/3']);
  });

  it('does not retry a POST, nor wait for longer than half a minute', async () => {
    const down = await answering([503, '']);
    expect((await failure(client().http, { url: down.url, method: 'POST', json: {} })).kind).toBe(
      'unreachable',
    );
    const later = await answering([429, '', { 'retry-after': '31' }]);
    await failure(client().http, { url: later.url });
    expect([down.seen.calls, later.seen.calls]).toEqual([1, 1]);
  });

  it.each([
    ['vercel', 401, '{"error":{"message":"no"}}', 'rejected', 'key-rejected'],
    ['vercel', 403, '{"error":{"code":"forbidden","invalidToken":true}}', 'rejected', 'key-rejected'],
    ['vercel', 403, '{"error":{"code":"forbidden","message":"Not authorized"}}', 'failed', 'forbidden'],
    ['gemini', 400, '{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}', 'rejected', 'key-rejected'],
    ['gemini', 400, '{"error":{"message":"bad field"}}', 'failed', 'bad-request'],
    ['qdrant', 403, 'Invalid API key or JWT', 'rejected', 'key-rejected'],
    ['huggingface', 402, '{"error":"PRO please"}', 'failed', 'payment-required'],
    ['huggingface', 403, '{"error":"Storage limit reached"}', 'failed', 'quota-used-up'],
    ['vercel', 403, '{"error":{"message":"The team is blocked"}}', 'failed', 'account-suspended'],
    // A CDN's or a company firewall's page, as public issues show them: nothing that a vendor's API sends.
    ['huggingface', 403, '<!DOCTYPE HTML><TITLE>Request blocked</TITLE>', 'unreachable', 'not-json'],
    ['qdrant', 403, '<html><body>403 Forbidden nginx</body></html>', 'unreachable', 'not-json'],
    ['vercel', 401, '<html>Sign in to the network</html>', 'unreachable', 'not-json'],
    ['huggingface', 403, '{"error":"Please verify your email first"}', 'failed', 'account-unfinished'],
    ['huggingface', 500, '<html>oops</html>', 'unreachable', 'server-error'],
    ['huggingface', 200, '<html>Sign in</html>', 'unreachable', 'not-json'],
    ['huggingface', 200, '{"name":7}', 'failed', 'unexpected-answer'],
  ] as const)('%s %i %s is %s', async (service, status, body, kind, code) => {
    const { url } = await answering([status, body]);
    const failed = await failure(client().http, { url, service });
    expect([failed.kind, failed.code, failed.status]).toEqual([kind, code, status]);
    expect(failed.message).toMatch(/^(Vercel|Gemini|Qdrant|Hugging Face) .* while reading the account/);
    expect(failed.remedy).not.toBe('');
  });

  it('counts a timeout, a cut body and a refused connection as unreachable', async () => {
    const silent = await serve(() => undefined);
    expect((await failure(client().http, { url: silent, timeoutMs: 30 })).code).toBe('timed-out');
    const half = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"name":');
      setTimeout(() => response.destroy(), 5);
    });
    expect((await failure(client().http, { url: half })).kind).toBe('unreachable');
    const gone = await failure(client().http, { url: 'http://127.0.0.1:9' });
    expect([gone.kind, gone.status]).toEqual(['unreachable', null]);
  });

  it('stops at once when the run is cancelled', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort(new Error('cancelled')));
    await expect(client().http.request({ ...about, url, schema, signal: stop.signal })).rejects.toThrow(
      'cancelled',
    );
  });

  it('shows no secret that a vendor echoes, however encoded', async () => {
    const key = 'p@ss"w rd/canary';
    const url = await serve((request, response) => {
      const sent = String(request.headers['api-key']);
      response
        .writeHead(400)
        .end(JSON.stringify({ error: `${sent} ${encodeURIComponent(sent)} hf_abcdefghijkl` }));
    });
    const failed = await failure(client().http, {
      url,
      method: 'POST',
      headers: { 'api-key': key },
      json: { value: 'another-secret' },
    });
    const shown = [
      failed.message,
      failed.bodyText,
      inspect(failed, { depth: 9 }),
      JSON.stringify(failed.data),
    ].join();
    expect(shown).not.toMatch(/canary|abcdefghijkl/);
    expect(failed.message).toContain('[secret]');
  });

  it('sends a key to no other origin, and follows within its own', async () => {
    const elsewhere = await answering([200, '{"name":"thief"}']);
    const url = await serve((request, response) => {
      if (request.url === '/moved') response.writeHead(307, { location: '/here' }).end();
      else if (request.url === '/away') response.writeHead(302, { location: elsewhere.url }).end();
      else response.end(JSON.stringify({ name: String(request.headers.authorization) }));
    });
    const { http } = client();
    const headers = { authorization: 'Bearer key-1' };
    expect(await http.request({ ...about, url: `${url}/moved`, headers, schema })).toEqual({
      name: 'Bearer key-1',
    });
    expect((await failure(http, { url: `${url}/away`, headers })).code).toBe('redirected');
    expect(elsewhere.seen.calls).toBe(0);
  });

  it('streams, and ends a stream that falls silent', async () => {
    const url = await serve((_, response) => response.writeHead(200).write('data: 1\n\n'));
    const { http } = client();
    const texts: string[] = [];
    const read = async () => {
      for await (const chunk of http.stream({ ...about, url, idleMs: 40 }))
        texts.push(new TextDecoder().decode(chunk));
    };
    await expect(read()).rejects.toMatchObject({ code: 'went-quiet', kind: 'unreachable' });
    expect(texts).toEqual(['data: 1\n\n']);
  });
});
