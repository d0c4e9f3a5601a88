import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopback } from '../../model/formats/endpoints.ts';

/** Supabase's direct host, which has an IPv6 address only unless an add-on is paid for (its documentation). */
const supabaseDirect = /^db\.[a-z0-9]+\.supabase\.co$/i;

/** Finds a host's addresses; rejects when there are none. */
export type Lookup = (host: string) => Promise<readonly { family: number }[]>;

const systemLookup: Lookup = (host) => lookup(host, { all: true });

/** Whether a host has no IPv4 address: a Space has no IPv6. False where that cannot be found out. */
export async function isIpv6Only(host: string, find: Lookup = systemLookup): Promise<boolean> {
  if (isLoopback(host)) return false;
  if (isIP(host) !== 0) return isIP(host) === 6;
  const families = await find(host).then(
    (addresses) => addresses.map(({ family }) => family),
    () => [],
  );
  return families.length === 0 ? supabaseDirect.test(host) : families.every((family) => family === 6);
}

/** What to give instead of such a host. */
export function pooledHostHint(host: string): string {
  return supabaseDirect.test(host)
    ? 'Give the pooled address instead (in Supabase: Connect, Session pooler), whose host has an IPv4 address.'
    : 'Give the address of a pooler or of a host that has an IPv4 address.';
}
