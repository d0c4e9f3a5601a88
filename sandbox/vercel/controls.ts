import * as z from 'zod';
import { productionOf, deploymentStage } from './deployments/deployment-stage.ts';
import { newId, type SandboxProject, type Team, type VercelState } from './state.ts';

const outcome = z.enum([
  'READY',
  'ERROR',
  'CANCELED',
  'ignored-build',
  'BLOCKED',
  'READY-without-alias',
  'alias-error',
  'stuck',
]);

/** What tests can set, by name; each takes plain JSON and throws when it is invalid. */
export function vercelControls(state: VercelState): Record<string, (value: unknown) => void> {
  return {
    /** Outcomes of the next deployments, in order. */
    outcomes: (value) => (state.outcomes = z.array(outcome).parse(value)),
    /** Milliseconds from QUEUED to the alias. */
    buildMs: (value) => (state.buildMs = z.number().min(0).parse(value)),
    eventShape: (value) => (state.eventShape = z.enum(['payload', 'flat', 'mixed']).parse(value)),
    /** Error code for the list of variables, such as `challenge_required`; null for none. */
    envChallenge: (value) => (state.envChallenge = z.string().nullable().parse(value)),
    /** Adds a token: `{"value","scopes":["user","textbook-lab"],"projects":["sample-book"]}`. */
    token: (value) => addToken(state, value),
    /** Slug of the user's default team; null for none. */
    defaultTeam: (value) => {
      const slug = z.string().nullable().parse(value);
      state.user.defaultTeamId = slug === null ? null : findTeam(state, slug).id;
    },
    /** A team's policy for sensitive variables: `{"team":"textbook-lab","policy":"on"}`. */
    sensitivePolicy: (value) => {
      const input = z.object({ team: z.string(), policy: z.enum(['default', 'on', 'off']) }).parse(value);
      findTeam(state, input.team).sensitivePolicy = input.policy;
    },
    /** Lists a team but denies access: `{"team":"textbook-lab","by":["mfa"]}`. */
    limited: (value) => {
      const input = z.object({ team: z.string(), by: z.array(z.string()) }).parse(value);
      findTeam(state, input.team).limitedBy = input.by;
    },
    /** Which of a project's sites require a login: `{"project":"sample-book","sites":"all"|"standard"|null}`. */
    protection: (value) => {
      const input = z
        .object({ project: z.string(), sites: z.enum(['all', 'standard']).nullable() })
        .parse(value);
      findProject(state, input.project).protection = input.sites;
    },
    /** How the processes of functions are run: `{"instances":2,"afterAnswer":"freeze"|"terminate"|"kill"}`. */
    functions: (value) => {
      const afterAnswer = z.enum(['freeze', 'terminate', 'kill']);
      state.functions = z.object({ instances: z.number().int().min(1), afterAnswer }).parse(value);
    },
    /** Plan of an account: `{"account":"user"|"textbook-lab","plan":"hobby"}`. */
    plan: (value) => {
      const plan = z.enum(['hobby', 'pro', 'enterprise']);
      const input = z.object({ account: z.string(), plan }).parse(value);
      const account = input.account === 'user' ? state.user : findTeam(state, input.account);
      account.plan = input.plan;
    },
    /** Why the account is paused: `{"reason":"FAIR_USE_LIMITS_EXCEEDED","overage":"fluidCpuDuration","until":null}`. */
    paused: (value) => {
      const overage = z.string().nullable().default(null);
      const until = z.number().nullable().default(null);
      state.paused = z.object({ reason: z.string(), overage, until }).nullable().parse(value);
    },
    /** Milliseconds for which no deployment is taken (402); null takes them again. */
    noDeploymentsFor: (value) => {
      const ms = z.number().nullable().parse(value);
      state.deploymentsFrom = ms === null ? null : state.now() + ms;
    },
    /** Whether new projects ask every visitor to sign in, as a team's policy may want. */
    protectsNewProjects: (value) => (state.protectsNewProjects = z.boolean().parse(value)),
    /** A project's domains and redirects: `{"project":"sample-book","domains":{"www.book.example":"book.example"}}`. */
    domains: (value) => {
      const input = z
        .object({ project: z.string(), domains: z.record(z.string(), z.string().nullable()) })
        .parse(value);
      findProject(state, input.project).domains = new Map(Object.entries(input.domains));
    },
    /** Pages of the sample book that a project's site lacks: `{"project":"sample-book","pages":"all"|["/docs/intro"]}`. */
    unpublished: (value) => {
      const input = z
        .object({ project: z.string(), pages: z.union([z.literal('all'), z.array(z.string())]) })
        .parse(value);
      findProject(state, input.project).unpublished = input.pages;
    },
    /** Removes a project's deployments, as if it had never been deployed. */
    neverDeployed: (value) => (findProject(state, z.string().parse(value)).deployments = []),
    /** Moves a project to an account: `{"project":"sample-book","to":"textbook-lab"|"user"}`. */
    move: (value) => {
      const { project, to } = z.object({ project: z.string(), to: z.string() }).parse(value);
      findProject(state, project).accountId = findAccount(state, to);
    },
  };
}

/** Projects with their deployments, for `GET /world`; without the values of variables. */
export function stateSummary(state: VercelState): Record<string, unknown> {
  const projects = state.projects.map((project) => [
    project.name,
    {
      id: project.id,
      origin: `http://${project.host}`,
      production: productionOf(project, state.now())?.id ?? null,
      deployments: project.deployments.map((deployment) => ({
        id: deployment.id,
        target: deployment.target,
        state: deploymentStage(deployment, state.now()).state,
      })),
      variables: project.variables.map(({ key, type, target }) => ({ key, type, target })),
    },
  ]);
  return {
    user: state.user.username,
    teams: state.teams.map(({ slug }) => slug),
    projects: Object.fromEntries(projects),
  };
}

function addToken(state: VercelState, value: unknown): void {
  const input = z
    .object({
      value: z.string(),
      scopes: z.array(z.string()),
      projects: z.array(z.string()).nullable().default(null),
    })
    .parse(value);
  state.tokens.push({
    id: newId('', 16),
    value: input.value,
    name: 'added',
    scopes: input.scopes.map((scope) => findAccount(state, scope)),
    projects: input.projects?.map((name) => findProject(state, name).id) ?? null,
  });
}

const findAccount = (state: VercelState, name: string): string =>
  name === 'user' ? state.user.id : findTeam(state, name).id;

function findTeam(state: VercelState, slug: string): Team {
  const team = state.teams.find((candidate) => candidate.slug === slug);
  if (team === undefined) throw new Error(`The sandbox has no team ${slug}.`);
  return team;
}

function findProject(state: VercelState, name: string): SandboxProject {
  const project = state.projects.find((candidate) => candidate.name === name);
  if (project === undefined) throw new Error(`The sandbox has no project ${name}.`);
  return project;
}
