import type { RouteCall, RouteReply } from '../../exchange/serve-routes.ts';
import { buildSite } from '../../frontend/build-site.ts';
import { buildInDir, type BuildRecipe } from '../../frontend/build-in-dir.ts';
import { startSite } from '../../frontend/site.ts';
import type { ProjectFiles } from '../../frontend/site-source.ts';
import {
  mayReach,
  numberOf,
  pageOf,
  projectOf,
  requireScope,
  type Access,
  type GuardedRoute,
} from '../access.ts';
import { badRequest, notFound } from '../errors.ts';
import { isOver, deploymentStage } from './deployment-stage.ts';
import { createProject, type SiteTools } from '../project-routes.ts';
import { createBody, sourceOf, upload } from './uploads.ts';
import { deploymentListEntry, deploymentView } from '../views.ts';
import {
  newId,
  findProjectOf,
  type SandboxDeployment,
  type SandboxProject,
  type EnvTarget,
  type VercelState,
} from '../state.ts';

/** Deployments: list, create and redeploy, look, cancel; and the files of one that is created. */
export function deploymentRoutes(world: VercelState, tools: SiteTools): GuardedRoute[] {
  return [
    ...['/v6', '/v7'].map((version): GuardedRoute => ({
      method: 'GET',
      path: `${version}/deployments`,
      name: 'deployments',
      handle: (call, access) => list(world, { call, access }),
    })),
    {
      method: 'POST',
      path: '/v2/files',
      name: 'upload-file',
      writes: true,
      handle: (call) => upload(world, call),
    },
    {
      method: 'POST',
      path: '/v13/deployments',
      name: 'create-deployment',
      writes: true,
      handle: (call, access) => create(world, { call, access, tools }),
    },
    {
      method: 'GET',
      path: '/v13/deployments/:deployment',
      name: 'deployment',
      handle: ({ params }, access) => ({
        json: deploymentView(world, deploymentOf(world, { access, idOrUrl: params['deployment'] ?? '' })),
      }),
    },
    {
      method: 'PATCH',
      path: '/v12/deployments/:deployment/cancel',
      name: 'cancel',
      writes: true,
      handle: ({ params }, access) => {
        const found = deploymentOf(world, { access, idOrUrl: params['deployment'] ?? '' });
        if (isOver(found.deployment, world.now())) throw badRequest('The deployment has already finished.');
        found.deployment.canceledAt = world.now();
        return { json: deploymentView(world, found) };
      },
    },
  ];
}

/** By id or by its own address, in the caller's account; throws 404. */
export function deploymentOf(
  world: VercelState,
  { access, idOrUrl }: { access: Access; idOrUrl: string },
): { project: SandboxProject; deployment: SandboxDeployment } {
  requireScope(access);
  for (const project of world.projects) {
    if (project.accountId !== access.accountId || !mayReach(access.token, project)) continue;
    const deployment = project.deployments.find(({ id, host }) => id === idOrUrl || host === idOrUrl);
    if (deployment !== undefined) return { project, deployment };
  }
  throw notFound('Deployment');
}

/** Starts a deployment of a source with the variables of this moment. */
export async function deploy(
  world: VercelState,
  given: SiteTools & {
    project: SandboxProject;
    source: ProjectFiles;
    target: EnvTarget | null;
    createdBy: SandboxDeployment['createdBy'];
    meta?: Record<string, string>;
    env?: Record<string, string>;
    buildMs?: number;
  },
): Promise<SandboxDeployment> {
  const { project, source, target } = given;
  const env = { ...variablesFor(project, target ?? 'preview'), ...given.env };
  const site = await startSite({ ...given, shown: () => contentOf(world, { project, deployment }) });
  const newest = Math.max(0, ...project.deployments.map(({ createdAt }) => createdAt));
  const deployment: SandboxDeployment = {
    id: newId('dpl_', 28),
    projectId: project.id,
    name: project.name,
    host: site.host,
    target,
    source,
    env,
    isBuilding: false,
    ...(project.recipe === null ? buildNow(rootOf(project, source), env) : { build: null, buildError: null }),
    createdAt: Math.max(world.now(), newest + 1),
    buildMs: given.buildMs ?? world.buildMs,
    outcome: world.outcomes.shift() ?? 'READY',
    canceledAt: null,
    promotedAt: null,
    meta: given.meta ?? {},
    createdBy: given.createdBy,
  };
  project.deployments.push(deployment);
  project.sites.push(site);
  if (project.recipe !== null)
    void buildFor(world, { deployment, recipe: project.recipe, source: rootOf(project, source) });
  return deployment;
}

async function create(
  world: VercelState,
  { call, access, tools }: { call: RouteCall; access: Access; tools: SiteTools },
): Promise<RouteReply> {
  requireScope(access);
  const parsed = createBody.safeParse(call.json());
  if (!parsed.success) throw badRequest(`Invalid request: ${parsed.error.issues[0]?.message ?? 'not valid'}`);
  const body = parsed.data;
  if (body.name === undefined) throw badRequest('Invalid request: missing required property `name`.');
  const target = body.target === 'production' ? 'production' : null;
  const again = body.deploymentId;
  if (again !== undefined) {
    const { project, deployment } = deploymentOf(world, { access, idOrUrl: again });
    const meta = { ...deployment.meta, ...body.meta, originalDeploymentId: again };
    const next = await deploy(world, {
      ...tools,
      project,
      source: deployment.source,
      target,
      createdBy: 'redeploy',
      meta,
    });
    return { json: deploymentView(world, { project, deployment: next }) };
  }
  const source = sourceOf(world, body);
  const named = findProjectOf(world, { accountId: access.accountId, idOrName: body.project ?? body.name });
  const project =
    named ??
    (await createProject(world, { ...tools, name: body.name, accountId: access.accountId, link: null }));
  const env = { ...body.env, ...body.build?.env };
  const deployment = await deploy(world, {
    ...tools,
    project,
    source,
    target,
    createdBy: 'cli',
    meta: body.meta ?? {},
    env,
  });
  return { json: deploymentView(world, { project, deployment }) };
}

function list(world: VercelState, { call, access }: { call: RouteCall; access: Access }): RouteReply {
  requireScope(access);
  const { query } = call;
  const wanted = query.get('projectId') ?? query.get('app');
  const projects =
    wanted === null
      ? world.projects.filter((one) => one.accountId === access.accountId && mayReach(access.token, one))
      : [projectOf(world, { access, idOrName: wanted })];
  const states = query.get('state')?.split(',');
  const target = query.get('target');
  const all = projects
    .flatMap((project) =>
      project.deployments.map((deployment) => ({ project, deployment, createdAt: deployment.createdAt })),
    )
    .filter(({ deployment }) => target === null || (deployment.target ?? 'preview') === target)
    .filter(({ deployment }) => states?.includes(deploymentStage(deployment, world.now()).state) ?? true);
  const { items, pagination } = pageOf(all, {
    limit: numberOf(call, 'limit') ?? 20,
    until: numberOf(call, 'until'),
  });
  return { json: { deployments: items.map((one) => deploymentListEntry(world, one)), pagination } };
}

function contentOf(
  world: VercelState,
  { project, deployment }: { project: SandboxProject; deployment: SandboxDeployment },
): ReturnType<Parameters<typeof startSite>[0]['shown']> {
  if (project.protection !== null) return { type: 'login' };
  const isDeleted = !project.deployments.includes(deployment);
  const isReady = !isDeleted && deploymentStage(deployment, world.now()).state === 'READY';
  return isReady && deployment.build ? { type: 'files', files: deployment.build.files } : { type: 'nothing' };
}

/** With its real tool: the deployment is BUILDING until that is done. */
async function buildFor(
  world: VercelState,
  {
    deployment,
    recipe,
    source,
  }: { deployment: SandboxDeployment; recipe: BuildRecipe; source: ProjectFiles },
): Promise<void> {
  deployment.isBuilding = true;
  try {
    deployment.build = await buildInDir({ source, env: deployment.env, recipe });
  } catch (error) {
    deployment.buildError = (error as Error).message;
  }
  deployment.buildMs = Math.max(deployment.buildMs, world.now() - deployment.createdAt);
  deployment.isBuilding = false;
}

/** What is built: the files below the project's root directory, whose absence ends the build. */
function rootOf({ rootDirectory }: SandboxProject, source: ProjectFiles): ProjectFiles {
  if (rootDirectory === null) return source;
  const below = [...source].filter(([path]) => path.startsWith(`${rootDirectory}/`));
  return new Map(below.map(([path, text]) => [path.slice(rootDirectory.length + 1), text]));
}

const variablesFor = (project: SandboxProject, target: EnvTarget): Record<string, string> =>
  Object.fromEntries(
    project.variables.filter((one) => one.target.includes(target)).map(({ key, value }) => [key, value]),
  );

function buildNow(
  source: ProjectFiles,
  env: Record<string, string>,
): Pick<SandboxDeployment, 'build' | 'buildError'> {
  try {
    return { build: buildSite({ source, env }), buildError: null };
  } catch (error) {
    return { build: null, buildError: (error as Error).message };
  }
}
