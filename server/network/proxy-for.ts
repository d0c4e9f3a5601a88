import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a proxy listens, and its `Proxy-Authorization`, which is a secret. */
export type Proxy = { url: URL; authorization: string | null };

/** The variables that name a proxy, in the lower case that most programs prefer. */
const proxyVariables = ['https_proxy', 'http_proxy', 'all_proxy'] as const;

/**
 * The proxy for a URL, as curl reads the environment: `https_proxy` or `http_proxy` by the URL's scheme, else
 * `all_proxy`, each in lower or upper case, unless `no_proxy` names the host. Null: connect directly, as always to this
 * machine. Throws an Error, without the value, for a proxy that is no http or https address.
 */
export function proxyFor(url: URL, env: Environment): Proxy | null {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '').toLowerCase();
  if (isThisMachine(host)) return null;
  const name = url.protocol === 'https:' || url.protocol === 'wss:' ? 'https_proxy' : 'http_proxy';
  const value = read(env, name) || read(env, 'all_proxy');
  if (value === '' || isExempt({ host, port: portOf(url), list: read(env, 'no_proxy') })) return null;
  return parseProxy(value);
}

/** Whether the environment names any proxy. */
export function hasProxy(env: Environment): boolean {
  return proxyVariables.some((name) => read(env, name) !== '');
}

/** What no output may hold: each proxy's password, and its login as the proxy gets it. */
export function proxySecrets(env: Environment): string[] {
  return proxyVariables.flatMap((name) => {
    const url = parseUrl(read(env, name));
    if (url === null || url.password === '') return [];
    return [url.password, decode(url.password), `${decode(url.username)}:${decode(url.password)}`];
  });
}

function read(env: Environment, name: string): string {
  return (env[name] || env[name.toUpperCase()] || '').trim();
}

function parseUrl(value: string): URL | null {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  return URL.canParse(text) ? new URL(text) : null;
}

function parseProxy(value: string): Proxy {
  const url = parseUrl(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new ProxyError('the proxy of the environment is no address that begins with http:// or https://');
  const login = `${decode(url.username)}:${decode(url.password)}`;
  const authorization = login === ':' ? null : `Basic ${Buffer.from(login).toString('base64')}`;
  return { url, authorization };
}

/** The proxy could not be used: its message names the proxy without its login. */
export class ProxyError extends Error {
  readonly code = 'ERR_PROXY';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isThisMachine(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|0\.0\.0\.0|::1?|::ffff:(127\.|7f).*)$/.test(host);
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'http:' || protocol === 'ws:' ? '80' : '443');
}

/** An entry is a host with its subdomains, a number, a network (`10.0.0.0/8`) or `*`, each with or without a port. */
function isExempt({ host, port, list }: { host: string; port: string; list: string }): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = entry, wantedPort = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [];
      if (wantedPort !== '' && wantedPort !== port) return false;
      const suffix = name.replace(/^\*?\./, '').replaceAll(/^\[|\]$/g, '');
      return host === suffix || host.endsWith(`.${suffix}`) || isInNetwork(host, suffix);
    });
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const version = isIP(address);
  if (bits === '' || version === 0 || isIP(host) !== version) return false;
  const [family, most] = version === 4 ? (['ipv4', 32] as const) : (['ipv6', 128] as const);
  if (!/^\d+$/.test(bits) || Number(bits) > most) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family);
  return list.check(host, family);
}
