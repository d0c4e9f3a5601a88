import { HttpFailure } from '../clients/http-failure.ts';
import type { RunEvent } from '../model/run/event.ts';
import type { PayloadFile } from '../hosting/space/payload.ts';
import { compareFiles, readSpaceFiles, type SpaceFiles } from '../hosting/space/space-files.ts';
import type { RunContext } from '../deployment/context.ts';
import { hubOf } from '../hosting/space/space-access.ts';
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
