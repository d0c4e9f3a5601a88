import { createHash } from 'node:crypto';
import type { SpaceFile } from '../../clients/hub-schemas.ts';
import { digestOf, serverFiles, type PayloadFile } from './payload.ts';
import { hubOf, type SpaceAccess } from './space-access.ts';

/** The Space’s files and its newest commit; an upload is refused when another commit came in between. */
export type SpaceFiles = { files: readonly SpaceFile[]; head: string | null };

/** Reads the list of files, not their contents. */
export async function readSpaceFiles(access: SpaceAccess): Promise<SpaceFiles> {
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

export type FileComparison = { name: string; kind: 'new' | 'changes' | 'unchanged'; file: PayloadFile };

/** Which files of the payload the Space lacks, has differently, or has already. */
export function compareFiles(files: readonly PayloadFile[], current: SpaceFiles): FileComparison[] {
  const byPath = new Map(current.files.map((file) => [file.path, file]));
  return files.map((file) => {
    const old = byPath.get(file.path);
    const kind = old === undefined ? 'new' : isSame(file, old) ? 'unchanged' : 'changes';
    return { name: file.path, kind, file };
  });
}

/** The Hub's tree names a file by its git object id or, in large-file storage, by its SHA-256. */
function isSame(file: PayloadFile, current: SpaceFile): boolean {
  return current.lfs == null ? current.oid === file.blobId : current.lfs.oid === file.sha256;
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
