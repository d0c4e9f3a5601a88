/** A company's network: a CONNECT proxy that alone knows the vendors' names, and a TLS front with the company's own CA. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

export type CompanyNetwork = {
  /** With its login. */
  proxyUrl: string;
  /** The file for NODE_EXTRA_CA_CERTS. */
  caFile: string;
  /** `host:port` of each tunnel that was opened. */
  tunnels: string[];
  close(): Promise<void>;
};

export const proxyLogin = { user: 'ana', password: 'proxy-p@ss-canary' };

/** `vendors` are the names that the proxy knows, with the port on loopback that the front forwards them to. */
export async function startCompanyNetwork(vendors: Record<string, number>): Promise<CompanyNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'company-network-'));
  // The Space reads the authority too, as a user without rights.
  chmodSync(folder, 0o755);
  const { key, cert, caFile } = await issueCertificate(folder, Object.keys(vendors));
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    return socket.once('close', () => sockets.delete(socket));
  };
  const front = createTlsServer({ key, cert }, (client) => {
    const name = typeof client.servername === 'string' ? client.servername : '';
    const vendor = keep(connect(vendors[name] ?? 0, '127.0.0.1'));
    vendor.on('close', () => client.destroy());
    keep(client).on('close', () => vendor.destroy());
    client.pipe(vendor).pipe(client);
  });
  const tunnels: string[] = [];
  const wanted = `Basic ${Buffer.from(`${proxyLogin.user}:${proxyLogin.password}`).toString('base64')}`;
  const proxy = createServer((_request, response) => response.writeHead(400).end());
  proxy.on('connect', (request, client: Socket) => {
    keep(client);
    const target = request.url ?? '';
    const isKnown = Object.hasOwn(vendors, target.split(':')[0] ?? '');
    if (request.headers['proxy-authorization'] !== wanted)
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    if (!isKnown) return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    tunnels.push(target);
    const through = keep(connect((front.address() as AddressInfo).port, '127.0.0.1'));
    through.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(through).pipe(client);
    });
    through.on('close', () => client.destroy());
    client.on('close', () => through.destroy());
  });
  await Promise.all([listen(front), listen(proxy)]);
  const { user, password } = proxyLogin;
  const port = (proxy.address() as AddressInfo).port;
  return {
    proxyUrl: `http://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    caFile,
    tunnels,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([front, proxy].map((server) => new Promise((done) => server.close(done))));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** A certificate for the names, signed by an authority made for this test. */
async function issueCertificate(
  folder: string,
  names: readonly string[],
): Promise<{ key: Buffer; cert: Buffer; caFile: string }> {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=Company CA',
  );
  openssl('req', ...newKey, '-keyout', file('front.key'), '-out', file('front.csr'), '-subj', '/CN=front');
  writeFileSync(file('names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`);
  const signing = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
  openssl(
    'x509',
    '-req',
    '-in',
    file('front.csr'),
    ...signing,
    '-extfile',
    file('names'),
    '-out',
    file('front.pem'),
  );
  const [key, cert] = await Promise.all([readFile(file('front.key')), readFile(file('front.pem'))]);
  return { key, cert, caFile: file('ca.pem') };
}
