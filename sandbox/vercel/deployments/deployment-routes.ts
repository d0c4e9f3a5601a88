import type { RouteCall, RouteReply } from '../../exchange/serve-routes.ts';
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
import { assertTakesDeployments } from './deployment-limit.ts';
import { buildNow } from './build-now.ts';
import { variablesFor } from './deployment-variables.ts';
import { prebuiltOf } from './prebuilt.ts';
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

/** Routes that list, create, redeploy, return and cancel deployments, and upload their files. */
export function deploymentRoutes(state: VercelState, tools: SiteTools): GuardedRoute[] {
  return [
    ...['/v6', '/v7'].map((version): GuardedRoute => ({
      method: 'GET',
      path: `${version}/deployments`,
      name: 'deployments',
      handle: (call, access) => list(state, { call, access }),
    })),
    {
      method: 'POST',
      path: '/v2/files',
      name: 'upload-file',
      writes: true,
      handle: (call) => upload(state, call),
    },
    {
      method: 'POST',
      path: '/v13/deployments',
      name: 'create-deployment',
      writes: true,
      handle: (call, access) => create(state, { call, access, tools }),
    },
    {
      method: 'GET',
      path: '/v13/deployments/:deployment',
      name: 'deployment',
      handle: ({ params }, access) => ({
        json: deploymentView(state, deploymentOf(state, { access, idOrUrl: params['deployment'] ?? '' })),
      }),
    },
    {
      method: 'PATCH',
      path: '/v12/deployments/:deployment/cancel',
      name: 'cancel',
      writes: true,
      handle: ({ params }, access) => {
        const match = deploymentOf(state, { access, idOrUrl: params['deployment'] ?? '' });
        if (isOver(match.deployment, state.now())) throw badRequest('The deployment has already finished.');
        match.deployment.canceledAt = state.now();
        return { json: deploymentView(state, match) };
      },
    },
  ];
}

/** A deployment by id or host, in the caller's account; throws 404. */
export function deploymentOf(
  state: VercelState,
  { access, idOrUrl }: { access: Access; idOrUrl: string },
): { project: SandboxProject; deployment: SandboxDeployment } {
  requireScope(access);
  for (const project of state.projects) {
    if (project.accountId !== access.accountId || !mayReach(access.token, project)) continue;
    const deployment = project.deployments.find(({ id, host }) => id === idOrUrl || host === idOrUrl);
    if (deployment !== undefined) return { project, deployment };
  }
  throw notFound('Deployment');
}

/** Deploys a source with the project's current variables. */
export async function deploy(
  state: VercelState,
  options: SiteTools & {
    project: SandboxProject;
    source: ProjectFiles;
    target: EnvTarget | null;
    createdBy: SandboxDeployment['createdBy'];
    meta?: Record<string, string>;
    env?: Record<string, string>;
    buildMs?: number;
  },
): Promise<SandboxDeployment> {
  const { project, source, target } = options;
  const env = { ...variablesFor(project, target ?? 'preview'), ...options.env };
  const prebuilt = prebuiltOf(state, {
    source,
    env,
    reaper: options.reaper,
  });
  const site = await startSite({ ...options, content: () => contentOf(state, { project, deployment }) });
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
    ...(prebuilt ??
      (project.recipe === null
        ? { functionHost: null, ...buildNow(rootOf(project, source), env) }
        : { functionHost: null, build: null, buildError: null })),
    createdAt: Math.max(state.now(), newest + 1),
    buildMs: options.buildMs ?? state.buildMs,
    outcome: state.outcomes.shift() ?? 'READY',
    canceledAt: null,
    promotedAt: null,
    meta: options.meta ?? {},
    createdBy: options.createdBy,
  };
  project.deployments.push(deployment);
  project.sites.push(site);
  if (project.recipe !== null && prebuilt === null)
    void buildFor(state, { deployment, recipe: project.recipe, source: rootOf(project, source) });
  return deployment;
}

async function create(
  state: VercelState,
  { call, access, tools }: { call: RouteCall; access: Access; tools: SiteTools },
): Promise<RouteReply> {
  requireScope(access);
  assertTakesDeployments(state);
  const parsed = createBody.safeParse(call.json());
  if (!parsed.success) throw badRequest(`Invalid request: ${parsed.error.issues[0]?.message ?? 'not valid'}`);
  const body = parsed.data;
  if (body.name === undefined) throw badRequest('Invalid request: missing required property `name`.');
  const target = body.target === 'production' ? 'production' : null;
  const previousId = body.deploymentId;
  if (previousId !== undefined) {
    const { project, deployment } = deploymentOf(state, { access, idOrUrl: previousId });
    const meta = { ...deployment.meta, ...body.meta, originalDeploymentId: previousId };
    const next = await deploy(state, {
      ...tools,
      project,
      source: deployment.source,
      target,
      createdBy: 'redeploy',
      meta,
    });
    return { json: deploymentView(state, { project, deployment: next }) };
  }
  const source = sourceOf(state, body);
  const existing = findProjectOf(state, { accountId: access.accountId, idOrName: body.project ?? body.name });
  const project =
    existing ??
    (await createProject(state, { ...tools, name: body.name, accountId: access.accountId, link: null }));
  const env = { ...body.env, ...body.build?.env };
  const deployment = await deploy(state, {
    ...tools,
    project,
    source,
    target,
    createdBy: 'cli',
    meta: body.meta ?? {},
    env,
  });
  return { json: deploymentView(state, { project, deployment }) };
}

function list(state: VercelState, { call, access }: { call: RouteCall; access: Access }): RouteReply {
  requireScope(access);
  const { query } = call;
  const name = query.get('projectId') ?? query.get('app');
  const projects =
    name === null
      ? state.projects.filter(
          (project) => project.accountId === access.accountId && mayReach(access.token, project),
        )
      : [projectOf(state, { access, idOrName: name })];
  const states = query.get('state')?.split(',');
  const target = query.get('target');
  const all = projects
    .flatMap((project) =>
      project.deployments.map((deployment) => ({ project, deployment, createdAt: deployment.createdAt })),
    )
    .filter(({ deployment }) => target === null || (deployment.target ?? 'preview') === target)
    .filter(({ deployment }) => states?.includes(deploymentStage(deployment, state.now()).state) ?? true);
  const { items, pagination } = pageOf(all, {
    limit: numberOf(call, 'limit') ?? 20,
    until: numberOf(call, 'until'),
  });
  return { json: { deployments: items.map((item) => deploymentListEntry(state, item)), pagination } };
}

function contentOf(
  state: VercelState,
  { project, deployment }: { project: SandboxProject; deployment: SandboxDeployment },
): ReturnType<Parameters<typeof startSite>[0]['content']> {
  if (state.paused !== null) return { type: 'disabled' };
  if (project.protection !== null) return { type: 'login' };
  const isDeleted = !project.deployments.includes(deployment);
  const isReady = !isDeleted && deploymentStage(deployment, state.now()).state === 'READY';
  if (isReady && deployment.functionHost) return { type: 'function', call: deployment.functionHost.call };
  return isReady && deployment.build ? { type: 'files', files: deployment.build.files } : { type: 'nothing' };
}

/** Builds with the project's real tool; the deployment is BUILDING until that ends. */
async function buildFor(
  state: VercelState,
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
  deployment.buildMs = Math.max(deployment.buildMs, state.now() - deployment.createdAt);
  deployment.isBuilding = false;
}

/** The files in the project's root directory; the build fails when there are none. */
function rootOf({ rootDirectory }: SandboxProject, source: ProjectFiles): ProjectFiles {
  if (rootDirectory === null) return source;
  const below = [...source].filter(([path]) => path.startsWith(`${rootDirectory}/`));
  return new Map(below.map(([path, text]) => [path.slice(rootDirectory.length + 1), text]));
}
