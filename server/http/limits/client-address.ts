import { isIP, isIPv6 } from 'node:net';
import type { IncomingMessage } from 'node:http';

/** Where a request comes from. */
export type ClientAddress = {
  /** What one reader is counted as: an IPv4 address, or the /48 of an IPv6 address. */
  network: string;
  /** What a provider's customers share: the /24 or /32 around it. */
  provider: string;
  /** A program on this machine that came through no proxy. */
  isLocal: boolean;
};

/** A longer chain is no chain of proxies. */
const maxProxies = 20;
const proxyHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'] as const;

/**
 * The address of a request's client. The chain in `X-Forwarded-For` is read from its end, which the platform's proxies
 * wrote; what precedes the first address outside their networks is the client's own claim, and ignored.
 *
 * @param options.isProxied whether the peer is the platform's proxy, whatever its address.
 */
export function clientAddressOf(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  { isProxied }: { isProxied: boolean },
): ClientAddress {
  const peer = parseAddress(socket.remoteAddress ?? '') ?? 'unknown';
  const forwarded = String(headers['x-forwarded-for'] ?? '');
  const isLocal = isLoopback(peer) && proxyHeaders.every((name) => headers[name] === undefined);
  const address = isProxied || isPrivate(peer) ? lastPublicAddress(forwarded, peer) : peer;
  return { network: networkOf(address), provider: providerOf(address), isLocal };
}

/** The rightmost address that is not private; without one, the address that the nearest proxy wrote. */
function lastPublicAddress(forwarded: string, peer: string): string {
  const chain = forwarded
    .split(',')
    .slice(-maxProxies)
    .filter((entry) => entry.trim() !== '')
    .map(parseAddress);
  const readable = chain.slice(chain.lastIndexOf(null) + 1).filter((address) => address !== null);
  return readable.findLast((address) => !isPrivate(address)) ?? readable.at(-1) ?? peer;
}

/** The canonical text of an address in any spelling: with a port, brackets, quotes or a zone; null for anything else. */
function parseAddress(text: string): string | null {
  const bare = text.replaceAll('"', '').trim();
  const bracketed = /^\[([^\]]{1,60})\](?::\d{1,5})?$/.exec(bare)?.[1];
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(bare)?.[1];
  const [address = ''] = (bracketed ?? withPort ?? bare).split('%');
  if (!isIPv6(address)) return isIP(address) === 0 ? null : address;
  const groups = ipv6Groups(address);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return groups.map((group) => group.toString(16)).join(':');
}

/** The eight groups of a valid IPv6 address. */
function ipv6Groups(address: string): number[] {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [front = '', back] = canonical.split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [head, tail] = [parse(front), parse(back ?? '')];
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** Of the canonical text; loopback, the private and the shared networks, and those of a link. */
const privateNetwork =
  /^(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^(?:f[cd]|fe[89ab])[0-9a-f]{1,2}:|^0:0:0:0:0:0:0:1$/;

function isPrivate(address: string): boolean {
  return privateNetwork.test(address);
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '0:0:0:0:0:0:0:1';
}

/** A client may use any address of its /64, and a customer is commonly given a /48. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 3).join(':') : address;
}

function providerOf(address: string): string {
  return address.includes(':')
    ? address.split(':').slice(0, 2).join(':')
    : address.split('.').slice(0, 3).join('.');
}
