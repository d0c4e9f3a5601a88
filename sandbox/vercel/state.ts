import { randomBytes } from 'node:crypto';
import type { SiteBuild } from '../frontend/build-site.ts';
import type { ProjectFiles } from '../frontend/site-source.ts';
import type { BuildRecipe } from '../frontend/build-in-dir.ts';

export type User = {
  id: string;
  username: string;
  name: string;
  email: string;
  defaultTeamId: string | null;
};
export type Team = {
  id: string;
  slug: string;
  name: string;
  /** `on` makes every new production and preview variable sensitive. */
  sensitivePolicy: 'default' | 'on' | 'off';
  /** Listed, but this login may not enter: SAML or a token's scope. */
  limitedBy: string[];
};
/** A token and the accounts that it opens. */
export type AccountToken = {
  id: string;
  value: string;
  name: string;
  scopes: string[];
  projects: string[] | null;
};

export type EnvTarget = 'production' | 'preview' | 'development';
export type EnvType = 'plain' | 'encrypted' | 'sensitive' | 'system';
export type EnvVariable = {
  id: string;
  key: string;
  value: string;
  type: EnvType;
  target: EnvTarget[];
  gitBranch: string | null;
  comment: string | null;
  createdAt: number;
  updatedAt: number;
};

export type DeploymentOutcome =
  | 'READY'
  | 'ERROR'
  | 'CANCELED'
  | 'BLOCKED'
  | 'READY-without-alias'
  | 'alias-error'
  | 'stuck';
export type SandboxDeployment = {
  id: string;
  projectId: string;
  name: string;
  /** Its own address, apart from the project's. */
  host: string;
  target: EnvTarget | null;
  source: ProjectFiles;
  env: Readonly<Record<string, string>>;
  /** True while its real tool is at work. */
  isBuilding: boolean;
  build: SiteBuild | null;
  buildError: string | null;
  createdAt: number;
  /** Milliseconds of the whole life, from QUEUED to its alias. */
  buildMs: number;
  outcome: DeploymentOutcome;
  canceledAt: number | null;
  promotedAt: number | null;
  meta: Record<string, string>;
  createdBy: 'cli' | 'redeploy' | 'git';
};

export type SandboxProject = {
  id: string;
  name: string;
  accountId: string;
  /** Host and port of its production site. */
  host: string;
  createdAt: number;
  link: { type: string; org: string; repo: string; productionBranch: string } | null;
  protection: 'all' | 'standard' | null;
  /** Folder of its source that is built; null for the top. */
  rootDirectory: string | null;
  /** How its real tool builds it; null for the sandbox's own small builder. */
  recipe: BuildRecipe | null;
  /** Framework as the project's settings name it. */
  framework: string | null;
  /** Domains besides its own host: name → where it redirects to, or null. */
  domains: Map<string, string | null>;
  variables: EnvVariable[];
  deployments: SandboxDeployment[];
  /** Its own site, then one for each deployment. */
  sites: { close(): Promise<void> }[];
};

export type VercelState = {
  /** Where `inspectorUrl` points: the stand-in itself. */
  inspector: string;
  user: User;
  teams: Team[];
  tokens: AccountToken[];
  projects: SandboxProject[];
  /** Files that were uploaded and not yet deployed, by SHA-1. */
  uploads: Map<string, Buffer>;
  buildMs: number;
  /** What becomes of the next deployments, in order. */
  outcomes: DeploymentOutcome[];
  eventShape: 'payload' | 'flat' | 'mixed';
  /** Code with which the list of variables refuses a session; null when it does not. */
  envChallenge: string | null;
  now: () => number;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `dpl_…`, `prj_…`: the vendor's form of an id. */
export function newId(prefix: string, length = 24): string {
  return `${prefix}${Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')}`;
}

/** A project of an account by id or name. */
export function findProjectOf(
  world: VercelState,
  given: { accountId: string; idOrName: string },
): SandboxProject | undefined {
  return world.projects.find(
    ({ accountId, id, name }) =>
      accountId === given.accountId && (id === given.idOrName || name === given.idOrName),
  );
}
