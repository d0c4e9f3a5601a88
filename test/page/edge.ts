/** The proxy in front of a Space: TLS, and the Hub's page, which frames it. The browser maps the host names to it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const spaceHost = 'ana-book-chat.hf.space';
export const hubHost = 'huggingface.co';
export const strangerHost = 'stranger.example';

export type Edge = {
  port: number;
  /** Answers requests instead of the Space, as the proxy does while a Space sleeps; true when it has answered. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Serves every host but the Space's; the Hub's page where there is none. */
  site: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  close(): Promise<void>;
};

/** The Hub's frame around a Space, with its restrictions. */
const framePage = `<!doctype html><title>A Space</title><style>body{margin:0}iframe{border:0;width:100%;height:100vh}</style>
<iframe title="Space" src="https://${spaceHost}/" allow="clipboard-read; clipboard-write"
sandbox="allow-downloads allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts"></iframe>`;

/** A new certificate for each run; its key is deleted at once. */
function certificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'page-lane-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${spaceHost}`, '-days', '2', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'ignore' });
  try {
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Forwards the Space's requests to `target`, streams included. */
export async function startEdge(target: string): Promise<Edge> {
  const edge: Pick<Edge, 'instead' | 'site'> = { instead: null, site: null };
  const server = createServer(certificate(), (request, response) => {
    const host = request.headers.host?.split(':')[0];
    if (host !== spaceHost && edge.site !== null && host !== hubHost) return edge.site(request, response);
    if (host !== spaceHost) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(framePage);
      return;
    }
    if (edge.instead?.(request, response) === true) return;
    const headers = { ...request.headers, 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' };
    const { method, url } = request;
    const onward = httpRequest(`${target}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(edge, {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}
