import { HttpFailure } from '../../clients/http-failure.ts';
import { Secret } from '../../model/secret.ts';
import { readCreated } from '../created-file.ts';
import { readClaimable, type NeonOptions } from './neon-client.ts';

/** A database that belongs to no account yet. */
export type UnclaimedDatabase = { link: Secret; expiresAt: Date };

/** Those that this machine made and that still wait for their owner; none where Neon does not answer. */
export async function unclaimedDatabases(
  tools: NeonOptions,
  { stateDir }: { stateDir: string },
): Promise<readonly UnclaimedDatabase[]> {
  const noted = (await readCreated(stateDir)).flatMap((entry) =>
    entry.type === 'neon-claimable' ? [entry.id] : [],
  );
  const seen = await Promise.all(
    noted.map((id) =>
      readClaimable(tools, id).catch((error: unknown) => {
        if (error instanceof HttpFailure) return null;
        throw error;
      }),
    ),
  );
  return seen.flatMap((database) =>
    database === null || database.status === 'CLAIMED'
      ? []
      : [{ link: new Secret(database.claim_url), expiresAt: new Date(database.expires_at) }],
  );
}
