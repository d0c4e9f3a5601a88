import type { UnclaimedDatabase } from '../provisioning/neon/unclaimed-databases.ts';
import type { Finding } from './finding.ts';

const hour = 3_600_000;

/** Databases that are gone soon unless their owner keeps them. Pure. */
export function diagnoseDatabases(
  unclaimed: readonly UnclaimedDatabase[],
  { now }: { now: number },
): Finding[] {
  return unclaimed.map(({ expiresAt }) => {
    const hours = Math.max(0, Math.floor((expiresAt.getTime() - now) / hour));
    return {
      code: 'database-unclaimed',
      service: 'postgres',
      message: `The database at Neon belongs to no account: it is gone in ${hours} hour${hours === 1 ? '' : 's'}, with all conversations.`,
      remedy: 'Open its claim link: npx rag-space-setup status shows it in a terminal.',
    };
  });
}
