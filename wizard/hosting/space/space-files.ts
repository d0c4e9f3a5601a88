import { createHash } from 'node:crypto';
import type { SpaceFile } from '../../clients/hub-schemas.ts';
import type { UploadPlan } from '../hosting.ts';
import { digestOf, type PayloadFile } from '../server-payload.ts';
import { serverFiles } from './payload.ts';
import { hubOf, type SpaceAccess } from './space-access.ts';

/** The Space’s files and its newest commit; an upload is refused when another commit came in between. */
type SpaceFiles = { files: readonly SpaceFile[]; head: string | null };

/** Reads the list of files, not their contents. */
async function readSpaceFiles(access: SpaceAccess): Promise<SpaceFiles> {
  const { space } = access.target;
  const hub = hubOf(access);
  const [files, info] = await Promise.all([hub.files(space), hub.space(space)]);
  return { files, head: info?.sha ?? null };
}

/** A file of the Space as text; null when it has none of that name. */
export async function readSpaceFile(access: SpaceAccess, path: string): Promise<string | null> {
  const { space } = access.target;
  const hub = hubOf(access);
  if (!(await hub.files(space)).some((file) => file.path === path)) return null;
  return (await hub.download({ space, path })).toString('utf8');
}

type FileComparison = { name: string; kind: 'new' | 'changes' | 'unchanged'; file: PayloadFile };

/** Which files of the payload the Space lacks, has differently, or has already. */
function compareFiles(files: readonly PayloadFile[], current: SpaceFiles): FileComparison[] {
  const byPath = new Map(current.files.map((file) => [file.path, file]));
  return files.map((file) => {
    const old = byPath.get(file.path);
    const kind = old === undefined ? 'new' : isSame(file, old) ? 'unchanged' : 'changes';
    return { name: file.path, kind, file };
  });
}

/** The Hub's tree names a file by its git object id or, in large-file storage, by its SHA-256. */
function isSame(file: PayloadFile, current: SpaceFile): boolean {
  return current.lfs == null ? current.oid === blobIdOf(file.content) : current.lfs.oid === file.sha256;
}

/** SHA-1 of git's blob object. */
export function blobIdOf(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Commits only the files that differ from the Space's, because every commit rebuilds the image. */
export async function planSpaceUpload(
  access: SpaceAccess,
  { files, title }: { files: readonly PayloadFile[]; title: string },
): Promise<UploadPlan> {
  const planned = await readSpaceFiles(access);
  let isFirstTry = true;
  return {
    changes: compareFiles(files, planned),
    previous: planned.head,
    // Read again before another try: a commit whose response was lost may have been made.
    upload: async () => {
      const current = isFirstTry ? planned : await readSpaceFiles(access);
      isFirstTry = false;
      const changed = compareFiles(files, current).filter(({ kind }) => kind !== 'unchanged');
      const { head: parent } = current;
      if (changed.length === 0) return `commit ${parent?.slice(0, 7) ?? ''}`;
      const commit = { space: access.target.space, title, files: changed.map(({ file }) => file), parent };
      const id = await hubOf(access).upload(commit);
      const count = changed.length === 1 ? '1 file' : `${changed.length} files`;
      return `${count} in commit ${id.slice(0, 7)}`;
    },
  };
}

/** The payload digest of the server that is in the Space now. */
export async function currentPayloadDigest(access: SpaceAccess): Promise<string> {
  const { space } = access.target;
  const hub = hubOf(access);
  const files = (await hub.files(space)).filter(({ path }) => serverFiles.includes(path));
  const digests = files.map(async ({ path, lfs }) => {
    if (lfs != null) return { path, sha256: lfs.oid };
    const content = await hub.download({ space, path });
    return { path, sha256: createHash('sha256').update(content).digest('hex') };
  });
  return digestOf(await Promise.all(digests));
}

/** Back to the commit at which the Space was taken over; files that this tool does not write are left alone. */
export async function planSpaceRestore(
  access: SpaceAccess,
  commit: string,
): Promise<{ what: string; run(): Promise<void> } | null> {
  const { space } = access.target;
  const hub = hubOf(access);
  const [before, now] = await Promise.all([hub.files(space, commit), hub.files(space)]);
  const currentIds = new Map(now.map(({ path, oid }) => [path, oid]));
  const restored = before.filter(
    ({ path, oid }) => serverFiles.includes(path) && currentIds.get(path) !== oid,
  );
  const previousPaths = new Set(before.map(({ path }) => path));
  const removed = now
    .map(({ path }) => path)
    .filter((path) => serverFiles.includes(path) && !previousPaths.has(path));
  const changes = [
    restored.length === 0 ? '' : `restores ${restored.map(({ path }) => path).join(', ')}`,
    removed.length === 0 ? '' : `removes ${removed.join(', ')}`,
  ].filter((part) => part !== '');
  if (changes.length === 0) return null;
  const run = async (): Promise<void> => {
    const downloads = restored.map(async ({ path }) => {
      return { path, content: await hub.download({ space, path, revision: commit }) };
    });
    const files = await Promise.all(downloads);
    const parent = (await hub.space(space))?.sha ?? null;
    await hub.upload({ space, title: `Back to ${commit.slice(0, 7)}`, files, removed, parent });
  };
  return {
    what: `${space}, as of commit ${commit.slice(0, 7)}: ${changes.join('; ')}; other files stay`,
    run,
  };
}
