import { defaults } from '../../server/contract.ts';
import { vercelOf, type RunContext } from './context.ts';
import { once } from './once.ts';

/** Where the book is read: the main origin, and every origin that serves its production. */
export type FrontendOrigins = { main: string | null; all: readonly string[] };

/** From the project's real domains; none when no project is to be wired. */
export async function frontendOrigins(context: RunContext): Promise<FrontendOrigins> {
  const { projectId } = context.target;
  if (projectId === null || context.settings.frontend === 'skip') return { main: null, all: [] };
  const hosts = await once(context, 'hosts', () => vercelOf(context).productionHosts(projectId));
  const all = hosts.map(originOf);
  return { main: all[0] ?? null, all };
}

/** Readers come over https; a host on this machine has no certificate. */
export function originOf(host: string): string {
  return `${isLoopback(host) ? 'http' : 'https'}://${host}`;
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}

/** What stands already, then what is missing of the wanted: a value that holds all stays as it is. */
export function mergedOrigins({
  standing,
  wanted,
}: {
  standing: string | null;
  wanted: readonly string[];
}): string {
  const kept = (standing ?? '')
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
  return [...new Set([...kept, ...wanted, defaults.origins])].join(',');
}
