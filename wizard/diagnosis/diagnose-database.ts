import type { UnclaimedDatabase } from '../provisioning/neon/unclaimed-databases.ts';
import type { Finding } from './finding.ts';

const hour = 3_600_000;
/** How long a database that has ended is reported. */
const reportedDays = 30;

/** Databases that are gone soon unless their owner keeps them, and those that are gone. Pure. */
export function diagnoseDatabases(
  unclaimed: readonly UnclaimedDatabase[],
  { now }: { now: number },
): Finding[] {
  return unclaimed.flatMap((database): Finding[] => {
    const ms = database.expiresAt.getTime() - now;
    if (database.isGone) return ms < -reportedDays * 24 * hour ? [] : [goneFinding(database)];
    const hours = Math.max(0, Math.floor(ms / hour));
    return [
      {
        code: 'database-unclaimed',
        service: 'postgres',
        message: `The database at Neon belongs to no account: it is gone in ${hours} hour${hours === 1 ? '' : 's'}, with all conversations.`,
        remedy: 'Open its claim link: npx rag-space-setup status shows it in a terminal.',
      },
    ];
  });
}

function goneFinding({ expiresAt }: UnclaimedDatabase): Finding {
  const date = expiresAt.toISOString().slice(0, 10);
  return {
    code: 'database-expired',
    service: 'postgres',
    message: `The database at Neon that was made here without an account ended on ${date}: no one claimed it. Its conversations are gone.`,
    remedy: 'If the server has it still, give it another one: npx rag-space-setup rotate postgres',
  };
}
