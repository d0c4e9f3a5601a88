import { randomBytes } from 'node:crypto';
import type { SiteBuild } from '../frontend/build-site.ts';
import type { ProjectFiles } from '../frontend/site-source.ts';
import type { BuildRecipe } from '../frontend/build-in-dir.ts';
import type { FunctionHost, FunctionPolicy } from './functions/function-host.ts';

export type AccountPlan = 'hobby' | 'pro' | 'enterprise';
export type User = {
  id: string;
  username: string;
  name: string;
  email: string;
  defaultTeamId: string | null;
  plan: AccountPlan;
};
export type Team = {
  id: string;
  slug: string;
  name: string;
  plan: AccountPlan;
  /** `on` makes every new production and preview variable sensitive. */
  sensitivePolicy: 'default' | 'on' | 'off';
  /** Reasons why the team is listed but not accessible: SAML, MFA or a token's scope. */
  limitedBy: string[];
};
/** A token and the accounts that it can access; `projects` limits it to some. */
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
  /** Canceled by the project's setting "Ignored Build Step". */
  | 'ignored-build'
  | 'BLOCKED'
  | 'READY-without-alias'
  | 'alias-error'
  | 'stuck';
export type SandboxDeployment = {
  id: string;
  projectId: string;
  name: string;
  /** Its own host, besides the project's. */
  host: string;
  target: EnvTarget | null;
  source: ProjectFiles;
  env: Readonly<Record<string, string>>;
  /** True while its real tool builds it. */
  isBuilding: boolean;
  build: SiteBuild | null;
  buildError: string | null;
  createdAt: number;
  /** Milliseconds from QUEUED to its alias. */
  buildMs: number;
  outcome: DeploymentOutcome;
  canceledAt: number | null;
  promotedAt: number | null;
  meta: Record<string, string>;
  createdBy: 'cli' | 'redeploy' | 'git';
  /** The function of a prebuilt deployment; null for one of pages. */
  functionHost: FunctionHost | null;
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
  /** Folder of its source that is built; null for the root. */
  rootDirectory: string | null;
  /** How its real tool builds it; null for the sandbox's own simple builder. */
  recipe: BuildRecipe | null;
  /** The framework in the project's settings. */
  framework: string | null;
  /** Pages of the sample book that its site does not have yet, by path, such as `/docs/mast`; `all` of them. */
  unpublished: 'all' | readonly string[];
  /** Domains besides its own host: name → redirect target or null. */
  domains: Map<string, string | null>;
  variables: EnvVariable[];
  deployments: SandboxDeployment[];
  /** The site of the project, then those of its deployments. */
  sites: { close(): Promise<void> }[];
};

export type VercelState = {
  /** Base of `inspectorUrl`: the stand-in itself. */
  inspector: string;
  user: User;
  teams: Team[];
  tokens: AccountToken[];
  projects: SandboxProject[];
  /** Pages of the sample book, which every project's site has beside the files of its build. */
  bookPages: ProjectFiles;
  /** Uploaded files by SHA-1. */
  uploads: Map<string, Buffer>;
  buildMs: number;
  /** Outcomes of the next deployments, in order. */
  outcomes: DeploymentOutcome[];
  eventShape: 'payload' | 'flat' | 'mixed';
  /** Error code for the list of variables; null for none. */
  envChallenge: string | null;
  /** How the processes of functions are run. */
  functions: FunctionPolicy;
  /** Why every account is paused, and when that ends by itself, in milliseconds since 1970; null while none is. */
  paused: { reason: string; overage: string | null; until: number | null } | null;
  /** When deployments are taken again, in milliseconds since 1970; null while they are. */
  deploymentsFrom: number | null;
  /** Whether new projects ask every visitor to sign in. */
  protectsNewProjects: boolean;
  now: () => number;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A random id in the vendor's format: `dpl_…`, `prj_…`. */
export function newId(prefix: string, length = 24): string {
  return `${prefix}${Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')}`;
}

/** A project of an account by id or name. */
export function findProjectOf(
  state: VercelState,
  options: { accountId: string; idOrName: string },
): SandboxProject | undefined {
  return state.projects.find(
    ({ accountId, id, name }) =>
      accountId === options.accountId && (id === options.idOrName || name === options.idOrName),
  );
}
