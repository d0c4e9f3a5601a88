import { defaults, parseOriginList } from '../../../server/contract.ts';
import { isLoopback } from '../../model/formats/endpoints.ts';
import { vercelOf, type ProjectContext, type RunContext } from '../context.ts';

/** Where the book is read: the main origin, every origin that serves its production, and a pattern for previews. */
export type FrontendOrigins = { main: string | null; all: readonly string[]; previews: string | null };

/** From the run's project; none when no project is to be wired. */
export async function frontendOrigins(context: RunContext): Promise<FrontendOrigins> {
  const { projectId } = context.target;
  if (projectId === null || context.settings.frontend === 'skip')
    return { main: null, all: [], previews: null };
  const hosts = await context.state.productionHosts(() => vercelOf(context).productionHosts(projectId));
  return originsFrom(hosts, context);
}

type ProjectAccess = ProjectContext & {
  credentials: Pick<RunContext['credentials'], 'vercel'>;
  target: Pick<RunContext['target'], 'project' | 'team'>;
};

/** Of a project that is not the run's own: read afresh. */
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
 * Vercel names a preview PROJECT-HASH-SCOPE or PROJECT-git-BRANCH-SCOPE: the star stands for the middle alone, so
 * other projects' previews do not fit. Null where the scope's name is not known.
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

/** Readers come over https; a host on this machine has no certificate. */
export function originOf(host: string): string {
  return `${isLoopback(new URL(`http://${host}`).hostname) ? 'http' : 'https'}://${host}`;
}

/**
 * What stands already, then what is missing of the wanted: a value that holds all stays as it is. A new list, of which
 * nobody said a word, also lets the book's local preview ask; one that was taken out stays out.
 */
export function mergeOrigins(of: {
  standing: string | null;
  /** The project's own. */
  wanted: readonly string[];
  /** Those of the environment's ALLOWED_ORIGINS. */
  said: readonly string[];
  /** Not kept, unless they are wanted too. */
  left?: readonly string[];
}): string {
  const kept = parseOriginList(of.standing ?? '').filter((origin) => of.left?.includes(origin) !== true);
  const isNew = of.standing === null && of.said.length === 0;
  return [...new Set([...kept, ...of.wanted, ...of.said, ...(isNew ? [defaults.origins] : [])])].join(',');
}

/** For the plan: which origins come in, which stay, and which go. Empty when nothing changes. */
export function describeOriginChanges({ standing, next }: { standing: string | null; next: string }): string {
  const before = parseOriginList(standing ?? '');
  const all = parseOriginList(next);
  const [added, gone] = [
    all.filter((one) => !before.includes(one)),
    before.filter((one) => !all.includes(one)),
  ];
  if (added.length === 0 && gone.length === 0) return '';
  const stays = before.filter((one) => all.includes(one));
  const parts = [
    ...(added.length === 0 ? [] : [`lets in ${added.join(', ')}`]),
    ...(stays.length === 0 ? [] : [`keeps ${stays.join(', ')}`]),
    ...(gone.length === 0 ? [] : [`no longer ${gone.join(', ')}`]),
  ];
  return `ALLOWED_ORIGINS ${parts.join('; ')}`;
}
