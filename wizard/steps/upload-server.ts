import type { SpaceFile } from '../clients/hub-schemas.ts';
import type { RunEvent } from '../model/event.ts';
import type { PayloadFile } from '../space/payload.ts';
import { hubOf, type RunContext } from './context.ts';
import { desiredSpace } from './desired.ts';
import { journaled, skipped, summarise, toDo, unchanged, type Done, type Look, type Step } from './step.ts';

const me = { id: 'upload-server', service: 'huggingface' } as const;

/** Commits the files that differ from the Space's, and only those: each commit builds the image anew. */
export const uploadServer: Step = { ...me, follows: ['index-book'], look };

async function look(context: RunContext): Promise<Look> {
  if (context.settings.apiUrl !== null) return skipped(me, 'the server runs elsewhere');
  const hub = hubOf(context);
  const [{ payload }, tree] = await Promise.all([
    desiredSpace(context, { standingOrigins: null }),
    hub.files(context.target.space),
  ]);
  const standing = new Map(tree.map((file) => [file.path, file]));
  const files = payload.files.map((file) => {
    const old = standing.get(file.path);
    const kind = old === undefined ? 'new' : isSame(file, old) ? 'unchanged' : 'changes';
    return { name: file.path, kind, file } as const;
  });
  const pending = files.filter(({ kind }) => kind !== 'unchanged').map(({ file }) => file);
  const { kind, what } = summarise(files);
  if (pending.length === 0) return unchanged(me, what);
  return toDo(me, kind, what, () => upload(context, pending));
}

/** The tree names a file by its git object, or, kept in large-file storage, by its SHA-256. */
function isSame(file: PayloadFile, standing: SpaceFile): boolean {
  return standing.lfs == null ? standing.oid === file.blobId : standing.lfs.oid === file.sha256;
}

// oxlint-disable-next-line require-yield -- one commit has no progress worth telling
async function* upload(context: RunContext, files: readonly PayloadFile[]): AsyncGenerator<RunEvent, Done> {
  const { space } = context.target;
  const hub = hubOf(context);
  const parent = (await hub.space(space))?.sha ?? null;
  const title = `rag-space-setup ${context.settings.version}`;
  const entry = {
    step: me.id,
    change: 'changed',
    thing: 'files',
    id: space,
    place: space,
    previous: parent,
  } as const;
  const commit = await journaled(context, entry, () => hub.upload({ space, title, files, parent }));
  const count = files.length === 1 ? '1 file' : `${files.length} files`;
  return { outcome: 'changed', reason: `${count} in commit ${commit.slice(0, 7)}` };
}
