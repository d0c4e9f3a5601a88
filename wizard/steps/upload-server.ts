import { HttpFailure } from '../clients/http-failure.ts';
import type { SpaceFile } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/event.ts';
import type { PayloadFile } from '../space/payload.ts';
import { hubOf, type RunContext } from './context.ts';
import { desiredSpace } from './desired.ts';
import {
  journaled,
  progress,
  skipped,
  summarise,
  toDo,
  unchanged,
  type Done,
  type Look,
  type Step,
} from './step.ts';

const me = { id: 'upload-server', service: 'huggingface' } as const;
const tries = 3;
/** Milliseconds before the second try; longer before the third. */
const waitMs = 2_000;

/** Commits the files that differ from the Space's, and only those: each commit builds the image anew. */
export const uploadServer: Step = { ...me, follows: ['index-book'], look };

async function look(context: RunContext): Promise<Look> {
  if (context.settings.apiUrl !== null) return skipped(me, 'the server runs elsewhere');
  const { payload } = await desiredSpace(context, { standingOrigins: null });
  const files = await compare(context, payload.files);
  const { kind, what } = summarise(files, 'file');
  if (kind === 'unchanged') return unchanged(me, what);
  return toDo(me, kind, what, () => upload(context, payload.files));
}

type Compared = { name: string; kind: 'new' | 'changes' | 'unchanged'; file: PayloadFile };

async function compare(context: RunContext, files: readonly PayloadFile[]): Promise<Compared[]> {
  const tree = await hubOf(context).files(context.target.space);
  const standing = new Map(tree.map((file) => [file.path, file]));
  return files.map((file) => {
    const old = standing.get(file.path);
    const kind = old === undefined ? 'new' : isSame(file, old) ? 'unchanged' : 'changes';
    return { name: file.path, kind, file };
  });
}

/** The tree names a file by its git object, or, kept in large-file storage, by its SHA-256. */
function isSame(file: PayloadFile, standing: SpaceFile): boolean {
  return standing.lfs == null ? standing.oid === file.blobId : standing.lfs.oid === file.sha256;
}

async function* upload(context: RunContext, files: readonly PayloadFile[]): AsyncGenerator<RunEvent, Done> {
  for (let n = 1; ; n++) {
    try {
      return await commit(context, files);
    } catch (error) {
      if (!(error instanceof HttpFailure) || error.kind !== 'unreachable' || n === tries) throw error;
      yield progress(me, { done: 0, total: 1, note: `trying again, ${n + 1} of ${tries}` });
      await context.sleep(waitMs * n, { signal: context.signal });
      context.signal.throwIfAborted();
    }
  }
}

/** Looks first, also the second time: a commit whose answer was lost has been made all the same. */
async function commit(context: RunContext, files: readonly PayloadFile[]): Promise<Done> {
  const { space } = context.target;
  const hub = hubOf(context);
  const [compared, info] = await Promise.all([compare(context, files), hub.space(space)]);
  const pending = compared.filter(({ kind }) => kind !== 'unchanged').map(({ file }) => file);
  const parent = info?.sha ?? null;
  if (pending.length === 0) return { outcome: 'changed', reason: `commit ${parent?.slice(0, 7) ?? ''}` };
  const title = `rag-space-setup ${context.settings.version}`;
  const entry = {
    step: me.id,
    change: 'changed',
    thing: 'files',
    id: space,
    place: space,
    previous: parent,
  } as const;
  const made = await journaled(context, entry, () => hub.upload({ space, title, files: pending, parent }));
  const count = pending.length === 1 ? '1 file' : `${pending.length} files`;
  return { outcome: 'changed', reason: `${count} in commit ${made.slice(0, 7)}` };
}
