import * as z from 'zod';
import { missingIn, sha1Of, type DeploymentFile } from './projects-client.ts';
import type { FrontendDeployment } from '../../clients/vercel-schemas.ts';
import { Failure } from '../../model/failure.ts';
import type { BookPlan, UploadPlan } from '../hosting.ts';
import { digestOf, type PayloadFile, type ServerPayload } from '../server-payload.ts';
import { functionVariables, newestDeployment, type FunctionAccess } from './function-access.ts';
import { explainRefusedDeployment } from './function-failures.ts';
import { bookPath, bookFile } from './payload.ts';

/** What this tool notes at a deployment, as texts: by it a later run knows what is there without reading it. */
const deploymentNote = z.looseObject({
  ragDeploymentId: z.string(),
  ragPayload: z.string(),
  /** `PATH SHA1 SIZE SHA256`, a line each: Vercel keeps a file by its SHA-1, so it can be deployed again. */
  ragFiles: z.string(),
});

/** The note of a deployment that this tool made; null for any other. */
export function noteOf(deployment: FrontendDeployment | null): z.infer<typeof deploymentNote> | null {
  return deploymentNote.safeParse(deployment?.meta).data ?? null;
}

/** True for a deployment that serves production with these settings and files. */
export function serves(deployment: FrontendDeployment | null, deploymentId: string): boolean {
  if (deployment === null || deployment.state !== 'READY' || !deployment.isAliased) return false;
  return noteOf(deployment)?.ragDeploymentId === deploymentId;
}

/** Deploys the files, unless production has them with the same settings already. */
export async function planFunctionUpload(
  access: FunctionAccess,
  { payload, deploymentId }: { payload: ServerPayload; deploymentId: string },
): Promise<UploadPlan> {
  const newest = await newestDeployment(access).catch(() => null);
  const isThere = newest !== null && serves(newest, deploymentId);
  const isSamePayload = noteOf(newest)?.ragPayload === payload.digest;
  const kind = newest === null ? 'new' : isThere ? 'unchanged' : 'changes';
  const names = payload.files.map(({ path }) => path.split('/').at(-1) ?? path);
  const changes =
    isSamePayload && !isThere ? [{ name: 'settings', kind }] : names.map((name) => ({ name, kind }));
  return {
    changes: changes as UploadPlan['changes'],
    previous: newest?.id ?? null,
    // Read again before another try: a deployment whose response was lost may have been made.
    upload: async () => {
      const current = await newestDeployment(access);
      const isMade =
        current !== null && current.id !== newest?.id && noteOf(current)?.ragDeploymentId === deploymentId;
      const { id } = isMade
        ? current
        : await deploy(access, { files: payload.files, deploymentId, payload: payload.digest });
      return `deployment ${id}`;
    },
  };
}

/** Deploys what the newest deployment has once more: a variable counts for new deployments only. */
export async function deployAgain(access: FunctionAccess): Promise<FrontendDeployment> {
  const [newest, variables] = await Promise.all([newestDeployment(access), functionVariables(access)]);
  const note = noteOf(newest);
  const deploymentId = variables.find(({ key }) => key === 'DEPLOYMENT_ID')?.value ?? null;
  if (note === null || deploymentId === null) throw filesGone();
  return deploy(access, { files: filesIn(note), deploymentId, payload: note.ragPayload });
}

/** Deploys what the newest deployment has, with this book in place of its own; null where it has that one already. */
export async function planFunctionBook(
  access: FunctionAccess,
  bookJson: () => Promise<string | null>,
): Promise<BookPlan | null> {
  const [newest, json] = await Promise.all([newestDeployment(access), bookJson()]);
  const note = noteOf(newest);
  if (note === null) throw filesGone();
  if (json === null) return null;
  const files = filesIn(note);
  const others: FileToDeploy[] = files.filter(({ path }) => path !== bookPath);
  const book = bookFile(json);
  const next = book === null ? others : [...others, book];
  const digest = digestOf(next);
  if (digest === note.ragPayload) return null;
  return {
    digest,
    what: book === null ? 'without book.json, which is too large' : 'book.json',
    upload: async (deploymentId) => {
      const { id } = await deploy(access, { files: next, deploymentId, payload: digest });
      return `deployment ${id}`;
    },
  };
}

/** One that Vercel may have already, or one with its content. */
type FileToDeploy = (DeploymentFile & { sha256: string }) | PayloadFile;

function filesIn({ ragFiles }: z.infer<typeof deploymentNote>): (DeploymentFile & { sha256: string })[] {
  return ragFiles.split('\n').map((line) => {
    const [path = '', sha1 = '', size = '0', sha256 = ''] = line.split(' ');
    return { path, sha1, size: Number(size), sha256 };
  });
}

async function deploy(
  { projects, place }: FunctionAccess,
  { files, deploymentId, payload }: { files: readonly FileToDeploy[]; deploymentId: string; payload: string },
): Promise<FrontendDeployment> {
  const project = await projects.find(place.name);
  if (project === null) throw filesGone();
  const lines = files.map((file) => {
    const [sha1, size] =
      'content' in file ? [sha1Of(file.content), file.content.length] : [file.sha1, file.size];
    return `${file.path} ${sha1} ${size} ${file.sha256}`;
  });
  const meta = { ragDeploymentId: deploymentId, ragPayload: payload, ragFiles: lines.join('\n') };
  try {
    return await projects.deploy({ project, files, meta });
  } catch (error) {
    throw missingIn(error) === null ? explainRefusedDeployment(error) : filesGone(error);
  }
}

/** Vercel deletes files that no deployment has used for long. */
function filesGone(cause?: unknown): Failure {
  return new Failure({
    code: 'function-files-gone',
    service: 'vercel',
    message: 'Vercel no longer has the server’s files, so they cannot be deployed again.',
    remedy: 'Run npx rag-space-setup: it uploads them.',
    cause,
  });
}
