import { serveRoutes } from '../exchange/serve-routes.ts';
import type { Faults } from '../exchange/faults.ts';
import { bookPages } from '../frontend/book-pages.ts';
import { sampleBookFolder } from '../frontend/sample-book-folder.ts';
import { siteSource, type ProjectFiles } from '../frontend/site-source.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { Reaper } from '../reaper.ts';
import { withAccess } from './access.ts';
import { accountRoutes } from './account-routes.ts';
import { deploymentFileRoutes } from './deployments/deployment-file-routes.ts';
import { deploy, deploymentRoutes } from './deployments/deployment-routes.ts';
import { eventRoutes } from './deployments/event-routes.ts';
import { closeProject } from './close-project.ts';
import { vercelControls, stateSummary } from './controls.ts';
import { ownProjectRoutes } from './own-project-routes.ts';
import { createProject, projectRoutes, type SiteTools } from './project-routes.ts';
import { runtimeLogRoutes } from './functions/runtime-log-routes.ts';
import { siteControls } from './site-controls.ts';
import { variableRoutes } from './variable-routes.ts';
import { newId, type Team, type User, type VercelState } from './state.ts';

export type VercelStandIn = {
  url: string;
  token: string;
  /** What `POST /world` can set: outcomes, buildMs, tokens, protection, … */
  controls: Record<string, (value: unknown) => void | Promise<void>>;
  /** Projects with their sites and deployments. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

/**
 * Serves Vercel's REST API with one user, `ana`, and one team, `textbook-lab`. Her project `sample-book` inlines the
 * API URL at build time, the team's `plain-book` does not.
 */
export async function startVercel(options: {
  faults: Faults;
  record: ExchangeRecord;
  token?: string;
  port?: number;
  /** Ends the functions' processes, should this one be killed. */
  reaper?: Reaper;
  /** Folder of the book whose pages every project's site has. */
  book?: string;
}): Promise<VercelStandIn> {
  const token = options.token ?? 'sandbox-vercel-token';
  const tools: SiteTools = { faults: options.faults, record: options.record, reaper: options.reaper ?? null };
  const state = createVercelState(token, bookPages(options.book ?? sampleBookFolder()));
  const routes = [
    ...accountRoutes(state),
    ...projectRoutes(state),
    ...ownProjectRoutes(state, tools),
    ...runtimeLogRoutes(state),
    ...variableRoutes(state),
    ...deploymentRoutes(state, tools),
    ...deploymentFileRoutes(state),
    ...eventRoutes(state),
  ];
  const { url, close } = await serveRoutes({
    ...options,
    vendor: 'vercel',
    routes: routes.map((route) => withAccess(state, route)),
    notFound: () => ({
      status: 404,
      json: { error: { code: 'not_found', message: 'The requested API endpoint was not found' } },
    }),
  });
  state.inspector = url;
  await addSamples(state, tools);
  return {
    url,
    token,
    controls: { ...vercelControls(state), ...siteControls(state, tools) },
    state: () => stateSummary(state),
    close: async () => {
      await Promise.all([close(), ...state.projects.map(closeProject)]);
    },
  };
}

function createVercelState(token: string, pages: ProjectFiles): VercelState {
  const user: User = {
    id: newId(''),
    username: 'ana',
    name: 'Ana (stand-in)',
    email: 'ana@example.com',
    defaultTeamId: null,
    plan: 'hobby',
  };
  const team: Team = {
    id: newId('team_'),
    slug: 'textbook-lab',
    name: 'Textbook Lab (stand-in)',
    plan: 'pro',
    sensitivePolicy: 'default',
    limitedBy: [],
  };
  return {
    inspector: '',
    user,
    teams: [team],
    tokens: [{ id: newId('', 16), value: token, name: 'deploy', scopes: [user.id, team.id], projects: null }],
    projects: [],
    bookPages: pages,
    uploads: new Map(),
    buildMs: 400,
    outcomes: [],
    eventShape: 'payload',
    envChallenge: null,
    functions: { instances: 1, afterAnswer: 'freeze' },
    paused: null,
    deploymentsFrom: null,
    protectsNewProjects: false,
    now: () => Date.now(),
  };
}

/** Deploys the sample projects without the variable: they have no assistant yet. */
async function addSamples(state: VercelState, tools: SiteTools): Promise<void> {
  const link = { type: 'github', org: 'ana', repo: 'sample-book', productionBranch: 'main' };
  const team = state.teams[0]?.id ?? '';
  const samples = [
    { name: 'sample-book', title: 'Sample Book', accountId: state.user.id, link, inlines: true },
    { name: 'plain-book', title: 'Plain Book', accountId: team, link: null, inlines: false },
  ];
  for (const { title, inlines, ...sample } of samples) {
    const project = await createProject(state, { ...tools, ...sample });
    const source = siteSource({ title, inlines });
    await deploy(state, {
      ...tools,
      project,
      source,
      target: 'production',
      createdBy: sample.link === null ? 'cli' : 'git',
      buildMs: 0,
    });
  }
}
