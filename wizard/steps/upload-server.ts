import { HttpFailure } from '../clients/http-failure.ts';
import type { SpaceFile } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/run/event.ts';
import type { PayloadFile } from '../hosting/space/payload.ts';
import { hubOf, type RunContext } from '../deployment/context.ts';
import { desiredState } from '../deployment/desired-state.ts';
import {
  withJournal,
  progress,
  skipped,
  summariseChanges,
  planChange,
  unchanged,
  type StepResult,
  type StepPlan,
  type Step,
} from './step.ts';

const step = { id: 'upload-server', service: 'huggingface' } as const;
const tries = 3;
/** Milliseconds before the second try; longer before the third. */
const waitMs = 2_000;

/** Commits the files that differ from the Space's, and only those: each commit builds the image anew. */
export const uploadServer: Step = { ...step, affectedBy: [], inspect };

async function inspect(context: RunContext): Promise<StepPlan> {
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const [{ payload }, standing] = await Promise.all([
    desiredState(context, { standingOrigins: null }),
    readSpaceFiles(context),
  ]);
  const { kind, what } = summariseChanges(compareFiles(payload.files, standing), 'file');
  if (kind === 'unchanged') return unchanged(step, what);
  return planChange(step, kind, what, () => upload(context, payload.files, standing));
}

/** The Space’s files, and its newest commit: an upload that finds another one there is refused. */
type SpaceFiles = { files: readonly SpaceFile[]; head: string | null };

async function readSpaceFiles(context: RunContext): Promise<SpaceFiles> {
  const { space } = context.target;
  const hub = hubOf(context);
  const [files, info] = await Promise.all([hub.files(space), hub.space(space)]);
  return { files, head: info?.sha ?? null };
}

type FileComparison = { name: string; kind: 'new' | 'changes' | 'unchanged'; file: PayloadFile };

function compareFiles(files: readonly PayloadFile[], standing: SpaceFiles): FileComparison[] {
  const there = new Map(standing.files.map((file) => [file.path, file]));
  return files.map((file) => {
    const old = there.get(file.path);
    const kind = old === undefined ? 'new' : isSame(file, old) ? 'unchanged' : 'changes';
    return { name: file.path, kind, file };
  });
}

/** The tree names a file by its git object, or, kept in large-file storage, by its SHA-256. */
function isSame(file: PayloadFile, standing: SpaceFile): boolean {
  return standing.lfs == null ? standing.oid === file.blobId : standing.lfs.oid === file.sha256;
}

/** Looks again before another try: a commit whose answer was lost has been made all the same. */
async function* upload(
  context: RunContext,
  files: readonly PayloadFile[],
  found: SpaceFiles,
): AsyncGenerator<RunEvent, StepResult> {
  for (let n = 1; ; n++) {
    try {
      return await commit(context, files, n === 1 ? found : await readSpaceFiles(context));
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.kind !== 'unreachable' || n === tries) throw error;
      yield progress(step, { done: 0, total: 1, note: `trying again, ${n + 1} of ${tries}` });
      await context.sleep(waitMs * n, { signal: context.signal });
      context.signal.throwIfAborted();
    }
  }
}

async function commit(
  context: RunContext,
  files: readonly PayloadFile[],
  standing: SpaceFiles,
): Promise<StepResult> {
  const { space } = context.target;
  const { head: parent } = standing;
  const pending = compareFiles(files, standing).filter(({ kind }) => kind !== 'unchanged');
  if (pending.length === 0) return { outcome: 'changed', reason: `commit ${parent?.slice(0, 7) ?? ''}` };
  const title = `rag-space-setup ${context.settings.version}`;
  const entry = {
    step: step.id,
    change: 'changed',
    thing: 'files',
    id: space,
    place: space,
    previous: parent,
  } as const;
  const changed = pending.map(({ file }) => file);
  const made = await withJournal(context, entry, () =>
    hubOf(context).upload({ space, title, files: changed, parent }),
  );
  const count = pending.length === 1 ? '1 file' : `${pending.length} files`;
  return { outcome: 'changed', reason: `${count} in commit ${made.slice(0, 7)}` };
}
