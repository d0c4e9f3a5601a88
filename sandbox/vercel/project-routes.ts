import type { Faults } from '../exchange/faults.ts';
import { startSite, type SiteContent } from '../frontend/site.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import { mayReach, numberOf, pageOf, projectOf, requireScope, type GuardedRoute } from './access.ts';
import { notFound } from './errors.ts';
import { productionOf } from './deployments/deployment-stage.ts';
import { projectView } from './views.ts';
import { newId, type SandboxProject, type VercelState } from './state.ts';

export type SiteTools = { faults: Faults; record: ExchangeRecord };

/** A project and, for its whole life, one loopback origin that serves its production deployment. */
export async function createProject(
  world: VercelState,
  given: SiteTools & { name: string; accountId: string; link: SandboxProject['link'] } & Partial<
      Pick<SandboxProject, 'recipe' | 'framework' | 'rootDirectory'>
    >,
): Promise<SandboxProject> {
  const shown = (): SiteContent => {
    if (project.protection === 'all') return { type: 'login' };
    const build = productionOf(project, world.now())?.build;
    return build ? { type: 'files', files: build.files } : { type: 'nothing' };
  };
  const site = await startSite({ ...given, shown });
  const newest = Math.max(0, ...world.projects.map(({ createdAt }) => createdAt));
  const project: SandboxProject = {
    id: newId('prj_', 28),
    name: given.name,
    accountId: given.accountId,
    host: site.host,
    createdAt: Math.max(world.now(), newest + 1),
    link: given.link,
    protection: null,
    recipe: given.recipe ?? null,
    rootDirectory: given.rootDirectory ?? null,
    framework: given.framework === undefined ? 'docusaurus-2' : given.framework,
    domains: new Map(),
    variables: [],
    deployments: [],
    sites: [site],
  };
  world.projects.push(project);
  return project;
}

export function projectRoutes(world: VercelState): GuardedRoute[] {
  return [
    {
      method: 'GET',
      path: '/v10/projects',
      name: 'projects',
      handle: (call, access) => {
        requireScope(access);
        const search = call.query.get('search')?.toLowerCase() ?? '';
        const own = world.projects.filter(
          (one) =>
            one.accountId === access.accountId && mayReach(access.token, one) && one.name.includes(search),
        );
        const { items, pagination } = pageOf(own, {
          limit: numberOf(call, 'limit') ?? 20,
          until: numberOf(call, 'from'),
        });
        return { json: { projects: items.map((one) => projectView(world, one)), pagination } };
      },
    },
    {
      method: 'GET',
      path: '/v9/projects/:project',
      name: 'project',
      handle: ({ params }, access) => ({
        json: projectView(world, projectOf(world, { access, idOrName: params['project'] ?? '' })),
      }),
    },
    {
      method: 'GET',
      path: '/v9/projects/:project/domains',
      name: 'domains',
      handle: (call, access) => {
        const project = projectOf(world, { access, idOrName: call.params['project'] ?? '' });
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
        const wanted = call.query.get('verified') === 'false' ? [] : domains;
        return { json: { domains: wanted, pagination: { count: wanted.length, next: null, prev: null } } };
      },
    },
    {
      method: 'POST',
      path: '/v10/projects/:project/promote/:deployment',
      name: 'promote',
      writes: true,
      handle: (call, access) => {
        const project = projectOf(world, { access, idOrName: call.params['project'] ?? '' });
        const deployment = project.deployments.find(({ id }) => id === call.params['deployment']);
        if (deployment === undefined) throw notFound('Deployment');
        deployment.promotedAt = world.now();
        return { status: 201, text: '' };
      },
    },
  ];
}
