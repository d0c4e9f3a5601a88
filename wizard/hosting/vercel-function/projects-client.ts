import { createHash } from 'node:crypto';
import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import { createVercelCall, type VercelCall, type VercelCallOptions } from '../../clients/vercel-call.ts';
import {
  deploymentOf,
  deploymentSchema,
  projectSchema,
  type FrontendDeployment,
} from '../../clients/vercel-schemas.ts';

export type VercelProjectInfo = z.infer<typeof projectSchema>;

/** A file of a deployment: with its content, or known to Vercel by its SHA-1. */
export type DeploymentFile = { path: string; content: Buffer } | { path: string; sha1: string; size: number };

/** The account that owns the project. */
export type VercelAccount = {
  /** `hobby`, `pro`, `enterprise`; null where the token may not see it. */
  plan: string | null;
  /** Why Vercel has paused it, and until when where that ends by itself; null while it has not. */
  block: AccountBlock | null;
};
export type AccountBlock = { reason: string; until: Date | null };

/** The calls that create, fill and remove a project of one's own. All throw HttpFailure. */
export interface VercelProjectsClient {
  account(): Promise<VercelAccount>;
  /** Null when there is none of that name in the account. */
  find(name: string): Promise<VercelProjectInfo | null>;
  create(name: string): Promise<VercelProjectInfo>;
  /** Standard Protection: production is public, every other address asks for a login. */
  openProduction(idOrName: string): Promise<void>;
  /** Deletes it with its deployments, variables and domains. */
  remove(id: string): Promise<void>;
  /** A production deployment of what is built already (Build Output API). Files that Vercel lacks are sent first. */
  deploy(request: {
    project: { id: string; name: string };
    files: readonly DeploymentFile[];
    meta: Readonly<Record<string, string>>;
  }): Promise<FrontendDeployment>;
  /** A text file of a deployment; null when it has none at that path. */
  readFile(deployment: string, path: string): Promise<string | null>;
  /** What the deployment's function prints, as it comes. */
  runtimeLog(options: { project: string; deployment: string; idleMs: number }): AsyncGenerator<string, void>;
}

export const sha1Of = (content: Buffer): string => createHash('sha1').update(content).digest('hex');

const missingFiles = z.looseObject({
  error: z.looseObject({ code: z.literal('missing_files'), missing: z.array(z.string()) }),
});
type FileEntry = { name: string; type: string; uid?: string | undefined; children?: FileEntry[] | undefined };
const fileEntry: z.ZodType<FileEntry> = z.lazy(() =>
  z.looseObject({
    name: z.string(),
    type: z.string(),
    uid: z.string().optional(),
    children: z.array(fileEntry).optional(),
  }),
);

export function createVercelProjectsClient(options: VercelCallOptions): VercelProjectsClient {
  const { call, send, stream } = createVercelCall(options);
  const project = (idOrName: string): string => `/v9/projects/${encodeURIComponent(idOrName)}`;
  const upload = async (content: Buffer): Promise<void> => {
    await call(z.unknown(), '/v2/files', 'uploading the server', {
      method: 'POST',
      retry: true,
      body: new Uint8Array(content),
      headers: { 'x-vercel-digest': sha1Of(content), 'content-type': 'application/octet-stream' },
      timeoutMs: 120_000,
    });
  };
  return {
    account: () => readAccount(call, options.team),
    find: (name) => call(projectSchema, project(name), 'reading the project').catch(nullIfMissing),
    create: (name) =>
      call(projectSchema, '/v11/projects', 'creating the project', {
        method: 'POST',
        json: { name, framework: null },
      }),
    openProduction: async (idOrName) => {
      const json = { ssoProtection: { deploymentType: 'all_except_custom_domains' } };
      await call(projectSchema, project(idOrName), 'opening the server to readers', {
        method: 'PATCH',
        json,
      });
    },
    remove: (id) => send(project(id), 'deleting the project', { method: 'DELETE' }),
    deploy: async ({ project: target, files, meta }) => {
      const post = async (): Promise<FrontendDeployment> =>
        deploymentOf(
          await call(deploymentSchema, '/v13/deployments', 'deploying the server', {
            method: 'POST',
            query: { forceNew: '1', prebuilt: '1', skipAutoDetectionConfirmation: '1' },
            json: {
              name: target.name,
              project: target.id,
              target: 'production',
              meta,
              files: files.map(inDeployment),
            },
            timeoutMs: 60_000,
          }),
        );
      try {
        return await post();
      } catch (error) {
        const missing = missingIn(error);
        if (missing === null) throw error;
        for (const file of files)
          if ('content' in file && missing.includes(sha1Of(file.content))) await upload(file.content);
        return post();
      }
    },
    readFile: async (deployment, path) => {
      const base = `/v6/deployments/${deployment}/files`;
      const what = 'reading the server’s files';
      const tree = await call(z.array(fileEntry), base, what).catch(nullIfMissing);
      const uid = uidAt(tree ?? [], path.split('/'));
      if (uid === null) return null;
      const file = await call(
        z.looseObject({ data: z.string() }),
        `/v8/deployments/${deployment}/files/${uid}`,
        what,
      );
      return Buffer.from(file.data, 'base64').toString('utf8');
    },
    async *runtimeLog({ project: id, deployment, idleMs }) {
      const path = `/v1/projects/${encodeURIComponent(id)}/deployments/${deployment}/runtime-logs`;
      for await (const line of linesOf(stream(path, 'reading the log', { idleMs }))) {
        const entry = z.looseObject({ message: z.string() }).safeParse(jsonOf(line));
        if (entry.success) yield* entry.data.message.split('\n').filter((text) => text !== '');
      }
    },
  };
}

const accountSchema = z.looseObject({
  billing: z.looseObject({ plan: z.string().nullish() }).nullish().catch(null),
  softBlock: z
    .looseObject({
      reason: z.string(),
      blockedDueToOverageType: z.string().nullish(),
      /** Milliseconds since 1970. */
      unpauseAt: z.number().nullish(),
    })
    .nullish()
    .catch(null),
});

/** The team, or the user's own account. What a limited token may not see is unknown. */
async function readAccount(call: VercelCall, team: VercelCallOptions['team']): Promise<VercelAccount> {
  const what = 'reading the account’s plan';
  const id = team === null ? null : 'slug' in team ? team.slug : team.teamId;
  const account =
    id === null
      ? call(z.looseObject({ user: accountSchema }), '/v2/user', what).then(({ user }) => user)
      : call(accountSchema, `/v2/teams/${encodeURIComponent(id)}`, what);
  const seen = await account.catch((error: unknown) => {
    if (error instanceof HttpFailure && (error.status === 403 || error.status === 404)) return null;
    throw error;
  });
  const block = seen?.softBlock ?? null;
  return {
    plan: seen?.billing?.plan ?? null,
    block:
      block === null
        ? null
        : {
            reason: block.blockedDueToOverageType ?? block.reason,
            until: block.unpauseAt == null ? null : new Date(block.unpauseAt),
          },
  };
}

/** By its digest where Vercel may have it, which answers `missing_files` where it does not. */
function inDeployment(file: DeploymentFile): { file: string; sha: string; size: number } {
  return 'content' in file
    ? { file: file.path, sha: sha1Of(file.content), size: file.content.length }
    : { file: file.path, sha: file.sha1, size: file.size };
}

/** The digests that Vercel asks for; null for another error. */
export function missingIn(error: unknown): readonly string[] | null {
  if (!(error instanceof HttpFailure) || error.status !== 400) return null;
  return missingFiles.safeParse(error.data).data?.error.missing ?? null;
}

function uidAt(entries: readonly FileEntry[], [name = '', ...rest]: readonly string[]): string | null {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) return null;
  return rest.length === 0 ? (entry.uid ?? null) : uidAt(entry.children ?? [], rest);
}

function nullIfMissing(error: unknown): null {
  if (error instanceof HttpFailure && error.status === 404) return null;
  throw error;
}

/** A log that is silent or cut off has simply ended. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of chunks) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
  }
  yield rest;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
