import type { Http } from '../../clients/http.ts';
import { hostLine } from '../../model/hosts.ts';
import type { Session } from '../../model/runtime.ts';
import { readCreated } from '../../provisioning/created-file.ts';
import { neonEndpoints } from '../../provisioning/neon/neon-endpoints.ts';
import { unclaimedDatabases, type UnclaimedDatabase } from '../../provisioning/neon/unclaimed-databases.ts';

/** Databases without an owner that this machine made. Neon is contacted, and named, only where there may be one. */
export async function unclaimedHere(
  { runtime, emit }: Session,
  http: Http,
): Promise<readonly UnclaimedDatabase[]> {
  const created = await readCreated(runtime.stateDir);
  if (!created.some(({ type }) => type === 'neon-claimable')) return [];
  emit({ type: 'notice', code: 'contacts', message: hostLine('neon'), remedy: '' });
  return unclaimedDatabases({ ...neonEndpoints(runtime.env), http, signal: runtime.signal }, runtime);
}
