import { isOver, productionOf, deploymentStage } from './deployments/deployment-stage.ts';
import type { SandboxDeployment, SandboxProject, EnvVariable, VercelState } from './state.ts';

/** A project in its own response and in lists. */
export function projectView(state: VercelState, project: SandboxProject): object {
  const production = productionOf(project, state.now());
  const latest = project.deployments.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, 3);
  return {
    accountId: project.accountId,
    id: project.id,
    name: project.name,
    createdAt: project.createdAt,
    updatedAt: project.createdAt,
    directoryListing: false,
    framework: project.framework,
    rootDirectory: project.rootDirectory,
    nodeVersion: '22.x',
    resourceConfig: { functionDefaultRegions: ['iad1'] },
    defaultResourceConfig: { functionDefaultRegions: ['iad1'] },
    ssoProtection: protectionOf(project),
    live: false,
    alias: [],
    deploymentExpiration: {},
    ...(project.link === null ? {} : { link: linkOf(project.link) }),
    targets:
      production === undefined
        ? {}
        : { production: deploymentSummary(state, { project, deployment: production }) },
    latestDeployments: latest.map((deployment) => deploymentSummary(state, { project, deployment })),
  };
}

/** The response of `GET /v13/deployments/{idOrUrl}`; its id is `id`. */
export function deploymentView(
  state: VercelState,
  { project, deployment }: { project: SandboxProject; deployment: SandboxDeployment },
): Record<string, unknown> {
  const now = state.now();
  const { state: readyState, aliasedAt, aliasError } = deploymentStage(deployment, now);
  const started = deployment.createdAt;
  return {
    id: deployment.id,
    name: deployment.name,
    projectId: project.id,
    ownerId: project.accountId,
    url: deployment.host,
    alias: deployment.target === 'production' ? [project.host] : [],
    aliasAssigned: aliasedAt !== null,
    ...(aliasedAt === null ? {} : { aliasAssignedAt: aliasedAt }),
    aliasError,
    readyState,
    status: readyState,
    target: deployment.target,
    ...(readyState === 'READY'
      ? { readySubstate: aliasedAt === null ? 'STAGED' : 'PROMOTED', ready: started + deployment.buildMs }
      : {}),
    ...(readyState === 'ERROR' ? buildErrorFields(deployment) : {}),
    ...(readyState === 'BLOCKED' ? { blockCode: 'TEAM_ACCESS_REQUIRED' } : {}),
    ...(readyState === 'CANCELED'
      ? { canceledAt: deployment.canceledAt ?? started + deployment.buildMs }
      : {}),
    ...(deployment.outcome === 'ignored-build' && readyState === 'CANCELED' ? ignoredBuildFields : {}),
    createdAt: started,
    bootedAt: started + deployment.buildMs * 0.1,
    buildingAt: started + deployment.buildMs * 0.25,
    buildSkipped: false,
    build: { env: Object.keys(deployment.env) },
    env: Object.keys(deployment.env),
    inspectorUrl: `${state.inspector}/${project.name}/${deployment.id.slice(4)}`,
    isInConcurrentBuildsQueue: false,
    isInSystemBuildsQueue: false,
    projectSettings: {},
    creator: { uid: state.user.id, username: state.user.username },
    public: false,
    type: 'LAMBDAS',
    version: 2,
    plan: 'hobby',
    createdIn: 'sfo1',
    regions: ['iad1'],
    routes: [],
    meta: deployment.meta,
    source: deployment.createdBy,
  };
}

/** A deployment inside a project. */
function deploymentSummary(
  state: VercelState,
  options: { project: SandboxProject; deployment: SandboxDeployment },
): object {
  const { creator, ...shown } = deploymentView(state, options);
  const { user } = state;
  return {
    ...shown,
    creator: { ...(creator as object), email: user.email },
    deploymentHostname: options.deployment.host,
    private: false,
    userId: user.id,
    teamId: options.project.accountId === user.id ? null : options.project.accountId,
  };
}

/** An entry of `GET /v6/deployments`; only there the id is `uid`. */
export function deploymentListEntry(
  state: VercelState,
  options: { project: SandboxProject; deployment: SandboxDeployment },
): object {
  const { id, createdAt, readyState, aliasAssignedAt, ...rest } = deploymentView(state, options);
  const keep = [
    'name',
    'projectId',
    'url',
    'target',
    'readySubstate',
    'aliasError',
    'errorCode',
    'errorMessage',
    'inspectorUrl',
    'creator',
    'type',
    'meta',
    'source',
  ];
  return {
    uid: id,
    created: createdAt,
    createdAt,
    state: readyState,
    readyState,
    aliasAssigned: aliasAssignedAt ?? null,
    ...Object.fromEntries(keep.flatMap((key) => (rest[key] === undefined ? [] : [[key, rest[key]]]))),
  };
}

/** Plain values are returned, encrypted ones only on request, sensitive ones never. */
export function variableView(variable: EnvVariable, { decrypt }: { decrypt: boolean }): object {
  const { gitBranch, comment, value, ...rest } = variable;
  const cipher = Buffer.from(JSON.stringify({ v: 'v2', c: variable.id })).toString('base64');
  const values = { plain: value, system: value, encrypted: decrypt ? value : cipher, sensitive: '' };
  return {
    ...rest,
    value: values[variable.type],
    ...(variable.type === 'encrypted' ? { decrypted: decrypt } : {}),
    ...(gitBranch === null ? {} : { gitBranch }),
    ...(comment === null ? {} : { comment }),
    configurationId: null,
    securityIssues: [],
    customEnvironmentIds: [],
  };
}

type BuildLogLine = { type: string; text: string; at: number };

/** The build log up to `now`. */
export function buildLogLines(deployment: SandboxDeployment, now: number): BuildLogLine[] {
  const { createdAt, buildMs, build, buildError } = deployment;
  const { state } = deploymentStage(deployment, now);
  const lines: BuildLogLine[] = [
    { type: 'stdout', text: 'Running build in Washington, D.C., USA (East) – iad1 (stand-in)', at: 0.1 },
    { type: 'command', text: 'Running "npm run build"', at: 0.25 },
    ...(build?.log ?? []).map((text, at) => ({ type: 'stdout', text, at: 0.3 + at * 0.1 })),
  ].map(({ at, ...line }) => ({ ...line, at: createdAt + at * buildMs }));
  const end = createdAt + 0.85 * buildMs;
  if (state === 'ERROR')
    lines.push({
      type: 'stderr',
      text: buildError ?? 'Error: Command "npm run build" exited with 1',
      at: end,
    });
  if (state === 'READY') lines.push({ type: 'stdout', text: 'Deployment completed', at: end });
  const stateLine = isOver(deployment, now) ? [{ type: 'deployment-state', text: state, at: end }] : [];
  return [...lines, ...stateLine].filter(({ at }) => at <= now);
}

function buildErrorFields({ buildError }: SandboxDeployment): object {
  return { errorCode: 'BUILD_FAILED', errorMessage: buildError ?? 'Command "npm run build" exited with 1' };
}

function protectionOf({ protection }: SandboxProject): object | null {
  if (protection === null) return null;
  return { deploymentType: protection === 'all' ? 'all' : 'all_except_custom_domains' };
}

function linkOf(link: NonNullable<SandboxProject['link']>): object {
  return {
    ...link,
    repoId: 1,
    createdAt: 0,
    updatedAt: 0,
    deployHooks: [],
    gitCredentialId: '',
    sourceless: true,
  };
}

/** As the API shows them (public logs of deployments that were canceled so). */
const ignoredBuildFields = {
  errorLink: 'https://vercel.com/docs/platform/projects#ignored-build-step',
  errorMessage:
    'The Deployment has been canceled as a result of running the command defined in the "Ignored Build Step" setting.',
};
