import { HubApiError } from '../hub-api-error.ts';
import { lfsFile, storedFile } from './git.ts';
import type { CommitChange } from '../repositories/repository.ts';

export type CommitBody = {
  title: string;
  message: string;
  parent: string | undefined;
  changes: CommitChange[];
};

type CommitLineValue = {
  path?: string;
  content?: string;
  encoding?: 'utf-8' | 'base64';
  oid?: string;
  summary?: string;
  description?: string;
  parentCommit?: string;
};

/** Parses the NDJSON of a commit: a header, then one change per line. `lfs` has the objects uploaded before. */
export function parseCommit(text: string, lfs: ReadonlyMap<string, Buffer>): CommitBody {
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { key?: string; value?: CommitLineValue });
  const header = lines.find(({ key }) => key === 'header')?.value;
  if (header?.summary === undefined) throw new HubApiError(400, 'The commit has no header with a summary');
  return {
    title: header.summary,
    message: header.description ?? '',
    parent: header.parentCommit,
    changes: lines
      .filter(({ key }) => key !== 'header')
      .map(({ key, value }) => parseChange(key ?? '', value ?? {}, lfs)),
  };
}

function parseChange(key: string, value: CommitLineValue, lfs: ReadonlyMap<string, Buffer>): CommitChange {
  const path = checkPath(value.path);
  switch (key) {
    case 'file': {
      const content = Buffer.from(value.content ?? '', value.encoding === 'base64' ? 'base64' : 'utf8');
      return { type: 'put', path, file: storedFile(content) };
    }
    case 'lfsFile': {
      const content = lfs.get(value.oid ?? '');
      if (content === undefined)
        throw new HubApiError(400, `LFS object ${String(value.oid)} of "${path}" was not uploaded`);
      return { type: 'put', path, file: lfsFile(content) };
    }
    // The vendor's OpenAPI document has deletedEntry; both its clients send deletedFile and deletedFolder.
    case 'deletedFile':
    case 'deletedEntry':
      return { type: 'delete', path };
    case 'deletedFolder':
      return { type: 'delete-folder', path };
    default:
      throw new HubApiError(400, `Unknown commit operation: ${key}`);
  }
}

function checkPath(path: string | undefined): string {
  const isInvalid =
    path === undefined ||
    path === '' ||
    path.startsWith('/') ||
    path.split('/').some((part) => /^(\.git|\.\.?)$/.test(part));
  if (isInvalid) throw new HubApiError(422, `Invalid path in repo: ${String(path)}`);
  return path;
}
