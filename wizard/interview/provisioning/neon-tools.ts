import { basename } from 'node:path';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { hostLine } from '../../model/hosts.ts';
import type { Session } from '../../model/runtime.ts';
import type { Secret } from '../../model/secret.ts';
import { neonEndpoints } from '../../provisioning/neon/neon-endpoints.ts';
import { momentOf, type ProvisionTools } from '../../provisioning/neon/provision-postgres.ts';

/** The user who opens the link owns the database: it is shown on a terminal only. */
export function claimEvent({ link, expiresAt }: { link: Secret; expiresAt: Date }) {
  return {
    type: 'private-link',
    code: 'claim-database',
    message: `The database is gone on ${momentOf(expiresAt)} unless you keep it here:`,
    link,
  } as const;
}

export function announceNeon({ emit, runtime }: Session): void {
  if (!runtime.rehearsal) emit({ type: 'notice', code: 'contacts', message: hostLine('neon'), remedy: '' });
}

export function neonTools(
  { session, inputs }: { session: Session; inputs: Pick<CommandInputs, 'http'> },
  { key, signal }: { key: Secret | null; signal: AbortSignal },
): ProvisionTools {
  const { env, stateDir, cwd: folder } = session.runtime;
  const name = `${basename(folder).slice(0, 50) || 'book'}-chat`;
  const onCreate = (): void =>
    session.emit({ type: 'notice', code: 'creating', message: 'Makes the database at Neon.', remedy: '' });
  return { ...neonEndpoints(env), http: inputs.http, signal, stateDir, folder, name, key, onCreate };
}
