import { existsSync } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { repositoryFolders } from '../../indexer/content/repository-folders.ts';
import { Failure } from '../model/failure.ts';
import { projectFileName, projectFileSchema, type ProjectFile } from './project-file.ts';

/** A file with settings is a kilobyte. */
const maxBytes = 64 * 1024;

/** A `rag-space.json` that was read, and the folder that it is in. */
export type StoredProjectFile = { path: string; folder: string; content: ProjectFile };

/**
 * The `rag-space.json` of a folder, or of the nearest one above it in the same repository; null where there is none.
 *
 * @throws Failure `project-file` (usage) for one that cannot be read or holds anything that it may not hold.
 */
export async function findProjectFile(start: string): Promise<StoredProjectFile | null> {
  const folders = repositoryFolders(resolve(start));
  for (const folder of folders) {
    const path = join(folder, projectFileName);
    const stats = await lstat(path).catch(() => null);
    if (stats === null) continue;
    // A link or a pipe could lead anywhere, or never end.
    if (!stats.isFile()) throw unusable('it is not a regular file');
    if (stats.size > maxBytes) throw unusable(`it is larger than ${maxBytes / 1024} kB`);
    const content = parse(await readStart(path));
    await assertInside(folders.at(-1) ?? folder, [content.docs, content.frontend], folder);
    return { path, folder, content };
  }
  return null;
}

/** The file's first bytes: it may have grown since it was looked at. */
async function readStart(path: string): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unusable(`it cannot be read (${error.code ?? 'unknown reason'})`);
  });
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(maxBytes), position: 0 });
    return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
  } finally {
    await file.close();
  }
}

function parse(text: string): ProjectFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unusable('it is not JSON');
  }
  const parsed = projectFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw unusable(`it has no setting ${shown(issue.keys[0])}`);
  const name = shown(issue?.path[0]);
  throw unusable(name === '' ? 'it is no list of settings' : `${name}: ${issue?.message ?? 'does not fit'}`);
}

/** A name out of the file, without what a terminal would obey. */
function shown(name: PropertyKey | undefined): string {
  return String(name ?? '')
    .replaceAll(/[^\w.$-]/g, '?')
    .slice(0, 40);
}

/** A link in the repository may lead out of it: what is there is not this book. */
async function assertInside(
  repository: string,
  paths: readonly (string | undefined)[],
  folder: string,
): Promise<void> {
  const top = await realpath(repository);
  for (const path of paths) {
    if (path === undefined) continue;
    const real = await realpath(join(folder, path)).catch(() => null);
    if (real === null) continue;
    const way = relative(top, real);
    if (way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way)
      throw unusable('a folder in it lies outside of the repository');
  }
}

function unusable(reason: string): Failure {
  return new Failure({
    kind: 'usage',
    code: 'project-file',
    message: `${projectFileName} is not used: ${reason}.`,
    remedy: 'Correct it or remove it; docs/project-file.md has its settings.',
  });
}

/** The top of the repository that holds a folder, where a new file is written; null outside of any repository. */
export function repositoryTop(start: string): string | null {
  const top = repositoryFolders(resolve(start)).at(-1) ?? start;
  return existsSync(join(top, '.git')) ? top : null;
}
