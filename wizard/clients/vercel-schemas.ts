import * as z from 'zod';

/** Loose throughout: Vercel adds states and fields without notice. */
const targets = z.union([z.array(z.string()), z.string()]).nullish();

export const projectSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  /** Folder below the repository's top that is built; null for the top itself. */
  rootDirectory: z.string().nullish(),
  link: z
    .looseObject({ org: z.string().nullish(), repo: z.string().nullish(), type: z.string().nullish() })
    .nullish(),
  targets: z.record(z.string(), z.looseObject({ alias: z.array(z.string()).nullish() }).nullish()).nullish(),
  /** Who has to sign in to Vercel to see the project's sites. */
  /** By its owner, or because its account is. */
  paused: z.boolean().nullish(),
  ssoProtection: z.looseObject({ deploymentType: z.string().nullish() }).nullish(),
});

/** `next` is the next page's `until`. */
const pagination = z.looseObject({ next: z.union([z.number(), z.string()]).nullish() }).nullish();

export const domainsSchema = z.looseObject({
  pagination,
  domains: z.array(
    z.looseObject({
      name: z.string(),
      redirect: z.string().nullish(),
      gitBranch: z.string().nullish(),
      verified: z.boolean().nullish(),
    }),
  ),
});

export const variableSchema = z.looseObject({
  id: z.string(),
  key: z.string(),
  /** Missing or encrypted for a sensitive one. */
  value: z.string().nullish(),
  type: z.string(),
  /** False when `value` is encrypted. */
  decrypted: z.boolean().nullish(),
  target: targets,
  gitBranch: z.string().nullish(),
  comment: z.string().nullish(),
  /** Milliseconds since 1970. */
  createdAt: z.number().nullish(),
  updatedAt: z.number().nullish(),
});
export type FrontendVariable = z.infer<typeof variableSchema>;
export const variablesSchema = z.looseObject({ envs: z.array(variableSchema), pagination });

/** A 201 may report failures. */
export const createdSchema = z.looseObject({
  failed: z
    .array(
      z.looseObject({ error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }) }),
    )
    .nullish(),
});

export const deploymentSchema = z.looseObject({
  /** Lists call it `uid`, the deployment itself `id`. */
  uid: z.string().optional(),
  id: z.string().optional(),
  name: z.string().nullish(),
  url: z.string().nullish(),
  readyState: z.string().nullish(),
  state: z.string().nullish(),
  /** Milliseconds since 1970. */
  createdAt: z.number().nullish(),
  created: z.number().nullish(),
  inspectorUrl: z.string().nullish(),
  aliasAssigned: z.union([z.boolean(), z.number()]).nullish(),
  aliasError: z.looseObject({ message: z.string().nullish() }).nullish(),
  errorCode: z.string().nullish(),
  errorMessage: z.string().nullish(),
  blockCode: z.string().nullish(),
  meta: z.record(z.string(), z.unknown()).nullish(),
});
/** The text is in a payload, or flat; keep-alives have none. */
export const buildLogSchema = z.array(
  z.looseObject({
    type: z.string().nullish(),
    text: z.string().nullish(),
    payload: z.looseObject({ text: z.string().nullish() }).nullish(),
  }),
);
export const deploymentsSchema = z.looseObject({ deployments: z.array(deploymentSchema) });

export type FrontendDeployment = {
  id: string;
  name: string;
  /** QUEUED, INITIALIZING, BUILDING, READY, ERROR, CANCELED, BLOCKED, or one that is new. */
  state: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  isAliased: boolean;
  /** Why it failed, in Vercel's words; empty when it did not. */
  problem: string;
  inspectorUrl: string | null;
  /** The commit that it was built from; null for one that was not started by git. */
  commit: string | null;
  /** What was given to it at its creation. */
  meta?: Readonly<Record<string, unknown>>;
};

/** One format for both of Vercel's. */
export function deploymentOf(response: z.infer<typeof deploymentSchema>): FrontendDeployment {
  const problem = [
    response.errorCode,
    response.blockCode,
    response.errorMessage ?? response.aliasError?.message,
  ];
  return {
    id: response.id ?? response.uid ?? '',
    name: response.name ?? '',
    state: response.readyState ?? response.state ?? 'UNKNOWN',
    createdAt: response.createdAt ?? response.created ?? 0,
    isAliased: Boolean(response.aliasAssigned) && response.aliasError == null,
    problem: problem.filter((part) => part != null && part !== '').join(': '),
    inspectorUrl: response.inspectorUrl ?? null,
    commit: commitIn(response.meta ?? {}),
    meta: response.meta ?? {},
  };
}

function commitIn(meta: Readonly<Record<string, unknown>>): string | null {
  const ids = ['github', 'gitlab', 'bitbucket', 'git'].map((host) => meta[`${host}CommitSha`]);
  return ids.find((id) => typeof id === 'string') ?? null;
}

/** The environments that every project has. */
export const vercelTargets = ['production', 'preview', 'development'] as const;
export type VercelTarget = (typeof vercelTargets)[number];

/** Vercel lists one target as a text, several as an array. */
export function targetsOf(variable: FrontendVariable): readonly string[] {
  const { target } = variable;
  return typeof target === 'string' ? [target] : (target ?? []);
}
