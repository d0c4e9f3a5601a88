import { z } from 'zod';
import { productionOf, deploymentStage } from './deployments/deployment-stage.ts';
import { newId, type SandboxProject, type Team, type VercelState } from './state.ts';

const outcome = z.enum([
  'READY',
  'ERROR',
  'CANCELED',
  'BLOCKED',
  'READY-without-alias',
  'alias-error',
  'stuck',
]);

/** What a test may turn; each takes plain JSON and throws for what it does not understand. */
export function vercelControls(world: VercelState): Record<string, (value: unknown) => void> {
  return {
    /** What becomes of the next deployments, in order. */
    outcomes: (value) => (world.outcomes = z.array(outcome).parse(value)),
    /** Milliseconds from QUEUED to the alias. */
    buildMs: (value) => (world.buildMs = z.number().min(0).parse(value)),
    eventShape: (value) => (world.eventShape = z.enum(['payload', 'flat', 'mixed']).parse(value)),
    /** `challenge_required`, say; null lets the list of variables answer again. */
    envChallenge: (value) => (world.envChallenge = z.string().nullable().parse(value)),
    /** `{"value","scopes":["user","textbook-lab"],"projects":["sample-book"]}` adds a token. */
    token: (value) => addToken(world, value),
    /** The team's slug makes it the account where new projects go; null takes that back. */
    defaultTeam: (value) => {
      const slug = z.string().nullable().parse(value);
      world.user.defaultTeamId = slug === null ? null : findTeam(world, slug).id;
    },
    /** `{"team":"textbook-lab","policy":"on"}`. */
    sensitivePolicy: (value) => {
      const given = z.object({ team: z.string(), policy: z.enum(['default', 'on', 'off']) }).parse(value);
      findTeam(world, given.team).sensitivePolicy = given.policy;
    },
    /** `{"team":"textbook-lab","by":["mfa"]}`: listed, not to be entered. */
    limited: (value) => {
      const given = z.object({ team: z.string(), by: z.array(z.string()) }).parse(value);
      findTeam(world, given.team).limitedBy = given.by;
    },
    /** `{"project":"sample-book","sites":"all"|"standard"|null}`: which of its sites ask for a login. */
    protection: (value) => {
      const given = z
        .object({ project: z.string(), sites: z.enum(['all', 'standard']).nullable() })
        .parse(value);
      findProject(world, given.project).protection = given.sites;
    },
    /** `{"project":"sample-book","domains":{"book.example":null,"www.book.example":"book.example"}}`. */
    domains: (value) => {
      const given = z
        .object({ project: z.string(), domains: z.record(z.string(), z.string().nullable()) })
        .parse(value);
      findProject(world, given.project).domains = new Map(Object.entries(given.domains));
    },
    /** Takes a project's deployments away: one that was never deployed. */
    neverDeployed: (value) => (findProject(world, z.string().parse(value)).deployments = []),
    /** `{"project":"sample-book","to":"textbook-lab"|"user"}`. */
    move: (value) => {
      const { project, to } = z.object({ project: z.string(), to: z.string() }).parse(value);
      findProject(world, project).accountId = findAccount(world, to);
    },
  };
}

/** Projects with what they serve, for a test to read; no value of a variable is among it. */
export function stateSummary(world: VercelState): Record<string, unknown> {
  const projects = world.projects.map((project) => [
    project.name,
    {
      id: project.id,
      origin: `http://${project.host}`,
      production: productionOf(project, world.now())?.id ?? null,
      deployments: project.deployments.map((one) => ({
        id: one.id,
        target: one.target,
        state: deploymentStage(one, world.now()).state,
      })),
      variables: project.variables.map(({ key, type, target }) => ({ key, type, target })),
    },
  ]);
  return {
    user: world.user.username,
    teams: world.teams.map(({ slug }) => slug),
    projects: Object.fromEntries(projects),
  };
}

function addToken(world: VercelState, value: unknown): void {
  const given = z
    .object({
      value: z.string(),
      scopes: z.array(z.string()),
      projects: z.array(z.string()).nullable().default(null),
    })
    .parse(value);
  world.tokens.push({
    id: newId('', 16),
    value: given.value,
    name: 'added',
    scopes: given.scopes.map((scope) => findAccount(world, scope)),
    projects: given.projects?.map((name) => findProject(world, name).id) ?? null,
  });
}

const findAccount = (world: VercelState, name: string): string =>
  name === 'user' ? world.user.id : findTeam(world, name).id;

function findTeam(world: VercelState, slug: string): Team {
  const team = world.teams.find((one) => one.slug === slug);
  if (team === undefined) throw new Error(`The sandbox has no team ${slug}.`);
  return team;
}

function findProject(world: VercelState, name: string): SandboxProject {
  const project = world.projects.find((one) => one.name === name);
  if (project === undefined) throw new Error(`The sandbox has no project ${name}.`);
  return project;
}
