import { HttpFailure } from '../../clients/http-failure.ts';
import { Secret } from '../../model/secret.ts';
import { readCreated } from '../created-file.ts';
import { readClaimable, type NeonOptions } from './neon-client.ts';

/** A database that belongs to no account yet, or that has ended because no one claimed it. */
export type UnclaimedDatabase = { link: Secret; expiresAt: Date; isGone: boolean };

/** Those that this machine made and that were not claimed; none where Neon does not answer. */
export async function unclaimedDatabases(
  tools: NeonOptions,
  { stateDir }: { stateDir: string },
): Promise<readonly UnclaimedDatabase[]> {
  const noted = (await readCreated(stateDir)).filter((entry) => entry.type === 'neon-claimable');
  const seen = await Promise.all(
    noted.map(async ({ id, claimUrl, expiresAt }): Promise<UnclaimedDatabase[]> => {
      try {
        const database = await readClaimable(tools, id);
        if (database?.status === 'CLAIMED') return [];
        const at = new Date(database?.expires_at ?? expiresAt);
        return [{ link: new Secret(claimUrl), expiresAt: at, isGone: database === null }];
      } catch (error) {
        if (error instanceof HttpFailure) return [];
        throw error;
      }
    }),
  );
  return seen.flat();
}
