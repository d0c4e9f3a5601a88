import { defaults, parseOriginList } from '../../../server/contract.ts';
import { isLoopback } from '../../model/formats/endpoints.ts';
import { vercelOf, type ProjectContext, type RunContext } from '../context.ts';

/** Where the book is read: the main origin, every origin that serves its production, and a pattern for previews. */
export type FrontendOrigins = { main: string | null; all: readonly string[]; previews: string | null };

/** Of the run's Vercel project; none when no project is wired. */
export async function frontendOrigins(context: RunContext): Promise<FrontendOrigins> {
  const { projectId } = context.target;
  if (projectId === null || context.settings.frontend === 'skip')
    return { main: null, all: [], previews: null };
  const hosts = await context.state.productionHosts(() => vercelOf(context).productionHosts(projectId));
  return originsFrom(hosts, context);
}

/** What it takes to read a project that need not be the run's own. */
export type ProjectAccess = ProjectContext & {
  credentials: Pick<RunContext['credentials'], 'vercel'>;
  target: Pick<RunContext['target'], 'project' | 'team'>;
};

/** Of a project that is not the run's own, so nothing read before is used. */
export async function projectOrigins(context: ProjectAccess, projectId: string): Promise<FrontendOrigins> {
  return originsFrom(await vercelOf(context).productionHosts(projectId), context);
}

function originsFrom(
  hosts: readonly string[],
  context: Pick<ProjectAccess, 'target' | 'credentials'>,
): FrontendOrigins {
  const all = hosts.map(originOf);
  return { main: all[0] ?? null, all, previews: hosts.some(isVercelHost) ? previewPattern(context) : null };
}

const isVercelHost = (host: string): boolean => host.endsWith('.vercel.app');

/**
 * Vercel names a preview PROJECT-HASH-SCOPE or PROJECT-git-BRANCH-SCOPE. The star covers only the middle, so that
 * other projects' previews do not match. Null where the scope's name is unknown.
 */
function previewPattern({
  target,
  credentials,
}: Pick<ProjectAccess, 'target' | 'credentials'>): string | null {
  const scope = target.team ?? credentials.vercel.scope.user;
  const isName = (text: string): boolean => /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
  const { project } = target;
  if (project === null || !isName(project) || !isName(scope)) return null;
  return `https://${project}-*-${scope}.vercel.app`;
}

/** https, except for a loopback host, which has no certificate. */
export function originOf(host: string): string {
  return `${isLoopback(new URL(`http://${host}`).hostname) ? 'http' : 'https'}://${host}`;
}

/**
 * The current origins, then the missing ones, so that a value that has them all stays byte-equal. A new list that the
 * user did not configure also allows the book's local preview; in an existing list its absence is respected.
 */
export function mergeOrigins(origins: {
  /** `ALLOWED_ORIGINS` of the Space; null when it has none. */
  current: string | null;
  /** The project's own. */
  required: readonly string[];
  /** From `ALLOWED_ORIGINS` in the environment. */
  configured: readonly string[];
  /** Dropped from the current ones. */
  removed?: readonly string[];
}): string {
  const { current, required, configured, removed = [] } = origins;
  const kept = parseOriginList(current ?? '').filter((origin) => !removed.includes(origin));
  const isNew = current === null && configured.length === 0;
  return [...new Set([...kept, ...required, ...configured, ...(isNew ? [defaults.origins] : [])])].join(',');
}

/** For the plan: which origins are added, kept and removed. Empty when nothing changes. */
export function describeOriginChanges({ current, next }: { current: string | null; next: string }): string {
  const before = parseOriginList(current ?? '');
  const after = parseOriginList(next);
  const added = after.filter((origin) => !before.includes(origin));
  const removed = before.filter((origin) => !after.includes(origin));
  if (added.length === 0 && removed.length === 0) return '';
  const kept = before.filter((origin) => after.includes(origin));
  const parts = [
    ...(added.length === 0 ? [] : [`allows ${added.join(', ')}`]),
    ...(kept.length === 0 ? [] : [`keeps ${kept.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`no longer ${removed.join(', ')}`]),
  ];
  return `ALLOWED_ORIGINS ${parts.join('; ')}`;
}
