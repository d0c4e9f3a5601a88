import { readSpaceFrontMatter } from '../../space/front-matter.ts';
import type { SandboxSpace } from '../../space/sandbox-space.ts';
import { HubApiError } from '../hub-api-error.ts';
import { makeCommit, type Commit, type StoredFile } from '../files/git.ts';

export type Sdk = 'docker' | 'static' | 'gradio';
export type Visibility = 'public' | 'private' | 'protected';
export type Setting = { value: string; description?: string; updatedAt: string };

/** A Space's repository with its settings; `space` is its runtime. */
export type Repository = {
  databaseId: string;
  owner: string;
  name: string;
  sdk: Sdk;
  visibility: Visibility;
  createdAt: Date;
  /** Oldest first; never empty. */
  commits: Commit[];
  secrets: Map<string, Setting>;
  variables: Map<string, Setting>;
  hardware: string;
  sleepSeconds: number;
  space: SandboxSpace;
};

/** A change to the files in a commit. */
export type CommitChange =
  | { type: 'put'; path: string; file: StoredFile }
  | { type: 'delete'; path: string }
  | { type: 'delete-folder'; path: string };

/** The newest commit. */
export function head(repository: Pick<Repository, 'commits'>): Commit {
  const commit = repository.commits.at(-1);
  if (commit === undefined) throw new HubApiError(404, 'Revision not found', { code: 'RevisionNotFound' });
  return commit;
}

/** The commit for a branch name or a commit id; throws 404. */
export function commitAt(repository: Repository, revision: string): Commit {
  if (revision === 'main' || revision === 'HEAD' || revision === 'refs/heads/main') return head(repository);
  const commit = repository.commits.find(({ oid }) => oid === revision);
  if (commit === undefined)
    throw new HubApiError(404, `Invalid rev id: ${revision}`, { code: 'RevisionNotFound' });
  return commit;
}

/** Adds a commit. Throws 412 when `parent` is not the head any more. */
export function addCommit(
  repository: Repository,
  commit: {
    title: string;
    message: string;
    author: string;
    parent?: string | undefined;
    changes: readonly CommitChange[];
  },
): Commit {
  const parent = head(repository);
  if (commit.parent !== undefined && commit.parent !== parent.oid) {
    throw new HubApiError(412, 'A commit has happened since. Please refresh and try again.');
  }
  const files = new Map(parent.files);
  for (const change of commit.changes) applyChange(files, change);
  const { title, message, author } = commit;
  const created = makeCommit({ parent: parent.oid, title, message, author, date: new Date(), files });
  repository.commits.push(created);
  repository.sdk = sdkOf(created) ?? repository.sdk;
  return created;
}

function applyChange(files: Map<string, StoredFile>, change: CommitChange): void {
  if (change.type === 'put') return void files.set(change.path, change.file);
  const removed = [...files.keys()].filter(
    (path) =>
      (change.type === 'delete' && path === change.path) ||
      path.startsWith(`${change.path.replace(/\/$/, '')}/`),
  );
  if (removed.length === 0)
    throw new HubApiError(404, `Entry not found: ${change.path}`, { code: 'EntryNotFound' });
  for (const path of removed) files.delete(path);
}

/** The README's front matter at a commit; empty when there is none. */
export function cardData(commit: Commit): Record<string, unknown> {
  return readSpaceFrontMatter(commit.files.get('README.md')?.content.toString('utf8') ?? '')?.all ?? {};
}

function sdkOf(commit: Commit): Sdk | null {
  const { sdk } = cardData(commit);
  return sdk === 'docker' || sdk === 'static' || sdk === 'gradio' ? sdk : null;
}

/** Values by name, as passed to a Space's build and process. */
export function settingValues(settings: ReadonlyMap<string, Setting>): Record<string, string> {
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
}
