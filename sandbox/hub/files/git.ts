/** Git's object ids, as far as the Hub exposes them. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';

/** A committed file. For a large one git has a pointer, and LFS the content. */
export type StoredFile = {
  content: Buffer;
  /** Git's id of the blob: of the pointer when the file is in LFS. */
  oid: string;
  lfs: { oid: string; pointer: Buffer } | null;
};

export type Commit = {
  oid: string;
  parent: string | null;
  title: string;
  message: string;
  author: string;
  date: Date;
  files: ReadonlyMap<string, StoredFile>;
};

export type TreeEntry =
  | { type: 'file'; path: string; oid: string; size: number; file: StoredFile }
  | { type: 'directory'; path: string; oid: string; size: 0 };

/** A file stored in git. */
export function storedFile(content: Buffer): StoredFile {
  return { content, oid: objectName('blob', content), lfs: null };
}

/** A file stored in LFS: git has a pointer with its SHA-256 and size. */
export function lfsFile(content: Buffer): StoredFile {
  const oid = createHash('sha256').update(content).digest('hex');
  const pointer = Buffer.from(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`,
  );
  return { content, oid: objectName('blob', pointer), lfs: { oid, pointer } };
}

/** Creates a commit of the whole tree. */
export function makeCommit(commit: Omit<Commit, 'oid'>): Commit {
  const seconds = Math.floor(commit.date.getTime() / 1_000);
  const signature = `${commit.author} <${commit.author}@users.noreply.hub> ${seconds} +0000`;
  const lines = [
    `tree ${treeName(commit.files, '')}`,
    ...(commit.parent === null ? [] : [`parent ${commit.parent}`]),
    `author ${signature}`,
    `committer ${signature}`,
    '',
    commit.message === '' ? commit.title : `${commit.title}\n\n${commit.message}`,
  ];
  return { ...commit, oid: objectName('commit', Buffer.from(lines.join('\n'))) };
}

/** Entries of `folder` ('' is the root); recursively, with folders before their contents. */
export function treeOf(
  files: ReadonlyMap<string, StoredFile>,
  folder: string,
  recursive: boolean,
): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const [name, file] of children(files, folder)) {
    const path = posix.join(folder, name);
    if (file !== null) {
      entries.push({ type: 'file', path, oid: file.oid, size: file.content.length, file });
      continue;
    }
    entries.push({ type: 'directory', path, oid: treeName(files, path), size: 0 });
    if (recursive) entries.push(...treeOf(files, path, true));
  }
  return entries;
}

function treeName(files: ReadonlyMap<string, StoredFile>, folder: string): string {
  const parts: Buffer[] = [];
  for (const [name, file] of children(files, folder)) {
    const oid = file?.oid ?? treeName(files, posix.join(folder, name));
    parts.push(Buffer.from(`${file === null ? '40000' : '100644'} ${name}\0`), Buffer.from(oid, 'hex'));
  }
  return objectName('tree', Buffer.concat(parts));
}

/** The entries of a folder in git's order; null is a folder. */
function children(files: ReadonlyMap<string, StoredFile>, folder: string): [string, StoredFile | null][] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const entries = new Map<string, StoredFile | null>();
  for (const [path, file] of files) {
    if (!path.startsWith(prefix)) continue;
    const [name = '', ...deeper] = path.slice(prefix.length).split('/');
    entries.set(name, deeper.length > 0 ? null : file);
  }
  const key = ([name, file]: [string, StoredFile | null]): string => (file === null ? `${name}/` : name);
  return [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function objectName(type: 'blob' | 'tree' | 'commit', content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}
