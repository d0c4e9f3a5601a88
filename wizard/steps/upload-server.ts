import { HttpFailure } from '../clients/http-failure.ts';
import type { RunContext } from '../deployment/context.ts';
import { desiredState } from '../deployment/desired-state.ts';
import type { PayloadFile } from '../hosting/space/payload.ts';
import { hubOf } from '../hosting/space/space-access.ts';
import { compareFiles, readSpaceFiles, type SpaceFiles } from '../hosting/space/space-files.ts';
import type { RunEvent } from '../model/run/event.ts';
import {
  planChange,
  progress,
  skipped,
  summariseChanges,
  unchanged,
  withJournal,
  type Step,
  type StepPlan,
  type StepResult,
} from './step.ts';

const step = { id: 'upload-server', service: 'huggingface' } as const;
const tries = 3;
/** Milliseconds before the second try; twice that before the third. */
const pauseMs = 2_000;

/** Commits only the files that differ from the Space's, because every commit rebuilds the image. */
export const uploadServer: Step = { ...step, affectedBy: [], inspect };

async function inspect(context: RunContext): Promise<StepPlan> {
  if (context.settings.apiUrl !== null) return skipped(step, 'the server runs elsewhere');
  const [{ payload }, current] = await Promise.all([
    desiredState(context, { current: {} }),
    readSpaceFiles(context),
  ]);
  const { kind, what } = summariseChanges(compareFiles(payload.files, current), 'file');
  if (kind === 'unchanged') return unchanged(step, what);
  return planChange(step, kind, what, () => upload(context, payload.files, current));
}

/** Reads the Space again before another try: a commit whose response was lost may have been made. */
async function* upload(
  context: RunContext,
  files: readonly PayloadFile[],
  current: SpaceFiles,
): AsyncGenerator<RunEvent, StepResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await commit(context, files, attempt === 1 ? current : await readSpaceFiles(context));
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.kind !== 'unreachable' || attempt === tries) throw error;
      yield progress(step, { done: 0, total: 1, note: `trying again, ${attempt + 1} of ${tries}` });
      await context.sleep(pauseMs * attempt, { signal: context.signal });
      context.signal.throwIfAborted();
    }
  }
}

async function commit(
  context: RunContext,
  files: readonly PayloadFile[],
  current: SpaceFiles,
): Promise<StepResult> {
  const { space } = context.target;
  const { head: parent } = current;
  const pending = compareFiles(files, current).filter(({ kind }) => kind !== 'unchanged');
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
  const id = await withJournal(context, entry, () =>
    hubOf(context).upload({ space, title, files: changed, parent }),
  );
  const count = pending.length === 1 ? '1 file' : `${pending.length} files`;
  return { outcome: 'changed', reason: `${count} in commit ${id.slice(0, 7)}` };
}
