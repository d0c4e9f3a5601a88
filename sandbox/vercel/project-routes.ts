import type { Faults } from '../exchange/faults.ts';
import { startSite, type SiteContent } from '../frontend/site.ts';
import type { Reaper } from '../reaper.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { mayReach, numberOf, pageOf, projectOf, requireScope, type GuardedRoute } from './access.ts';
import { notFound } from './errors.ts';
import { productionOf } from './deployments/deployment-stage.ts';
import { projectView } from './views.ts';
import { newId, type SandboxProject, type VercelState } from './state.ts';

export type SiteTools = { faults: Faults; record: ExchangeRecord; reaper: Reaper | null };

/** Creates a project with a loopback origin that serves its production deployment. */
export async function createProject(
  state: VercelState,
  options: SiteTools & { name: string; accountId: string; link: SandboxProject['link'] } & Partial<
      Pick<SandboxProject, 'recipe' | 'framework' | 'rootDirectory'>
    >,
): Promise<SandboxProject> {
  const content = (): SiteContent => {
    if (state.paused !== null) return { type: 'disabled' };
    if (project.protection === 'all') return { type: 'login' };
    const { build, functionHost } = productionOf(project, state.now()) ?? {};
    if (functionHost) return { type: 'function', call: functionHost.call };
    if (!build) return { type: 'nothing' };
    // A build that has the book's pages is served as it is; `a.html` and `a/index.html` are one address.
    const built = new Set([...build.files.keys()].map(addressOf));
    const pages = publishedPages(state, project).filter(([path]) => !built.has(addressOf(path)));
    return { type: 'files', files: new Map([...pages, ...build.files]) };
  };
  const site = await startSite({ ...options, content });
  const newest = Math.max(0, ...state.projects.map(({ createdAt }) => createdAt));
  const project: SandboxProject = {
    id: newId('prj_', 28),
    name: options.name,
    accountId: options.accountId,
    host: site.host,
    createdAt: Math.max(state.now(), newest + 1),
    link: options.link,
    protection: null,
    recipe: options.recipe ?? null,
    rootDirectory: options.rootDirectory ?? null,
    framework: options.framework === undefined ? 'docusaurus-2' : options.framework,
    unpublished: [],
    domains: new Map(),
    variables: [],
    deployments: [],
    sites: [site],
  };
  state.projects.push(project);
  return project;
}

function addressOf(path: string): string {
  return path.replace(/(?:\/index)?\.html$/, '');
}

function publishedPages(
  { bookPages }: VercelState,
  { unpublished }: SandboxProject,
): readonly (readonly [path: string, html: string])[] {
  if (unpublished === 'all') return [];
  const hidden = unpublished.map((path) => path.replace(/^\//, ''));
  return [...bookPages].filter(([path]) => !hidden.includes(addressOf(path)));
}

/** Routes that list and return projects and their domains, and promote a deployment. */
export function projectRoutes(state: VercelState): GuardedRoute[] {
  return [
    {
      method: 'GET',
      path: '/v10/projects',
      name: 'projects',
      handle: (call, access) => {
        requireScope(access);
        const search = call.query.get('search')?.toLowerCase() ?? '';
        const own = state.projects.filter(
          (project) =>
            project.accountId === access.accountId &&
            mayReach(access.token, project) &&
            project.name.includes(search),
        );
        const { items, pagination } = pageOf(own, {
          limit: numberOf(call, 'limit') ?? 20,
          until: numberOf(call, 'from'),
        });
        return { json: { projects: items.map((project) => projectView(state, project)), pagination } };
      },
    },
    {
      method: 'GET',
      path: '/v9/projects/:project',
      name: 'project',
      handle: ({ params }, access) => ({
        json: projectView(state, projectOf(state, { access, idOrName: params['project'] ?? '' })),
      }),
    },
    {
      method: 'GET',
      path: '/v9/projects/:project/domains',
      name: 'domains',
      handle: (call, access) => {
        const project = projectOf(state, { access, idOrName: call.params['project'] ?? '' });
        const domains = [...project.domains, [project.host, null] as const].map(([name, redirect]) => ({
          name,
          apexName: name,
          projectId: project.id,
          redirect,
          redirectStatusCode: redirect === null ? null : 308,
          gitBranch: null,
          customEnvironmentId: null,
          createdAt: project.createdAt,
          updatedAt: project.createdAt,
          verified: true,
        }));
        const verified = call.query.get('verified') === 'false' ? [] : domains;
        return {
          json: { domains: verified, pagination: { count: verified.length, next: null, prev: null } },
        };
      },
    },
    {
      method: 'POST',
      path: '/v10/projects/:project/promote/:deployment',
      name: 'promote',
      writes: true,
      handle: (call, access) => {
        const project = projectOf(state, { access, idOrName: call.params['project'] ?? '' });
        const deployment = project.deployments.find(({ id }) => id === call.params['deployment']);
        if (deployment === undefined) throw notFound('Deployment');
        deployment.promotedAt = state.now();
        return { status: 201, text: '' };
      },
    },
  ];
}
