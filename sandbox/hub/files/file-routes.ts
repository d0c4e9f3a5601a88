import type { RouteCall, RouteReply, Route } from '../../exchange/serve-routes.ts';
import { parseCommit } from './commit-body.ts';
import { treeOf, type Commit, type StoredFile, type TreeEntry } from './git.ts';
import { pageOf } from '../page-of.ts';
import { checkReadme, readmeProblems } from './readme-metadata.ts';
import { HubApiError } from '../hub-api-error.ts';
import { addCommit, commitAt, head, type Repository } from '../repositories/repository.ts';
import { readableRepository, writableRepository, type HubState } from '../state.ts';
import { idOfRepository } from '../repositories/views.ts';

const MAX_REGULAR = 10 * 1024 * 1024;
const MAX_PREUPLOAD = 1_000;

/** Uploads and downloads: preupload, commit, tree, history, files. */
export function fileRoutes(state: HubState): Route[] {
  const at = (rest: string): string => `/api/spaces/:owner/:name/${rest}`;
  const tree = (call: RouteCall): RouteReply => listTree(state, call);
  const download = (raw: boolean) => (call: RouteCall) => sendFile(state, call, raw);
  const routes: Route[] = [
    // The Python client asks before it uploads a README.
    { method: 'POST', path: '/api/validate-yaml', name: 'validate-yaml', handle: validateReadme },
    {
      method: 'POST',
      path: at('preupload/:revision'),
      name: 'preupload',
      handle: (call) => preupload(state, call),
    },
    {
      method: 'POST',
      path: at('commit/:revision'),
      name: 'commit',
      writes: true,
      handle: (call) => commit(state, call),
    },
    { method: 'GET', path: at('tree/:revision'), name: 'tree', handle: tree },
    { method: 'GET', path: at('tree/:revision/*folder'), name: 'tree', handle: tree },
    { method: 'GET', path: at('commits/:revision'), name: 'commits', handle: (call) => history(state, call) },
    {
      method: 'POST',
      path: at('paths-info/:revision'),
      name: 'paths-info',
      handle: (call) => pathsInfo(state, call),
    },
  ];
  for (const method of ['GET', 'HEAD']) {
    routes.push(
      {
        method,
        path: '/spaces/:owner/:name/resolve/:revision/*file',
        name: 'resolve',
        handle: download(false),
      },
      { method, path: '/spaces/:owner/:name/raw/:revision/*file', name: 'raw', handle: download(true) },
    );
  }
  return routes;
}

function validateReadme(call: RouteCall): RouteReply {
  const { content, repoType } = call.json() as { content?: string; repoType?: string };
  const problems = repoType === 'space' ? readmeProblems(content ?? '') : [];
  const errors = problems.map((message) => ({ message }));
  return { status: errors.length === 0 ? 200 : 400, json: { errors, warnings: [] } };
}

function preupload(state: HubState, call: RouteCall): RouteReply {
  const { repository } = writableRepository(state, call);
  const { files } = call.json() as { files?: { path: string; size: number }[] };
  if (!Array.isArray(files) || files.length > MAX_PREUPLOAD)
    throw new HubApiError(422, '"files" must be a list of at most 1000');
  const current = commitAt(repository, call.params['revision'] ?? 'main');
  const large = largePatterns(current);
  return {
    json: {
      files: files.map(({ path, size }) => ({
        path,
        uploadMode: size >= MAX_REGULAR || large.some((pattern) => pattern.test(path)) ? 'lfs' : 'regular',
        shouldIgnore: false,
        ...oidOf(current.files.get(path)),
      })),
      commitOid: current.oid,
    },
  };
}

/** Clients compare it with their own file: its SHA-256 in LFS, else its SHA-1 as a git blob. */
function oidOf(file: StoredFile | undefined): { oid?: string } {
  return file === undefined ? {} : { oid: file.lfs?.oid ?? file.oid };
}

function commit(state: HubState, call: RouteCall): RouteReply {
  const { repository, caller } = writableRepository(state, call);
  if (call.params['revision'] !== 'main') {
    throw new HubApiError(404, `Invalid rev id: ${call.params['revision']}`, { code: 'RevisionNotFound' });
  }
  if (/^(1|true)$/i.test(call.query.get('create_pr') ?? ''))
    throw new HubApiError(403, 'Discussions are disabled for this repo');
  const body = parseCommit(call.body.toString('utf8'), state.lfs);
  for (const change of body.changes)
    if (change.type === 'put' && change.path === 'README.md') checkReadme(change.file.content);
  const created = addCommit(repository, { ...body, author: caller.account.name });
  if (repository.sdk !== 'static') repository.space.build();
  const commitUrl = `${state.url()}/spaces/${idOfRepository(repository)}/commit/${created.oid}`;
  return { json: { success: true, commitOid: created.oid, commitUrl, hookOutput: '' } };
}

function listTree(state: HubState, call: RouteCall): RouteReply {
  const repository = readableRepository(state, call);
  const current = commitAt(repository, call.params['revision'] ?? 'main');
  const folder = (call.params['folder'] ?? '').replace(/\/$/, '');
  const entries = treeOf(current.files, folder, call.query.get('recursive') === 'true');
  if (entries.length === 0 && folder !== '') {
    throw new HubApiError(404, `${folder} does not exist on "main"`, { code: 'EntryNotFound' });
  }
  const expand = call.query.get('expand') === 'true';
  const { page, link } = pageOf(entries, { call, url: state.url(), size: state.pageSize });
  return {
    json: page.map((entry) => treeEntry(entry, { repository, expand })),
    headers: { 'x-repo-commit': current.oid, ...link },
  };
}

function treeEntry(
  entry: TreeEntry,
  { repository, expand }: { repository: Repository; expand: boolean },
): unknown {
  const { type, path, oid, size } = entry;
  const last = expand ? { lastCommit: lastCommitOf(repository, entry) } : {};
  const lfs = entry.type === 'file' ? entry.file.lfs : null;
  if (lfs === null) return { type, oid, size, path, ...last };
  return { type, oid, size, path, lfs: { oid: lfs.oid, size, pointerSize: lfs.pointer.length }, ...last };
}

/** The commit that changed the entry last. */
function lastCommitOf(repository: Repository, entry: TreeEntry): { id: string; title: string; date: string } {
  let last = head(repository);
  for (const commit of repository.commits.toReversed()) {
    if (entry.type === 'file' && commit.files.get(entry.path)?.oid !== entry.oid) break;
    last = commit;
  }
  return { id: last.oid, title: last.title, date: last.date.toISOString() };
}

function history(state: HubState, call: RouteCall): RouteReply {
  const repository = readableRepository(state, call);
  const current = commitAt(repository, call.params['revision'] ?? 'main');
  const commits = repository.commits.slice(0, repository.commits.indexOf(current) + 1).toReversed();
  return {
    headers: { 'x-total-count': String(commits.length) },
    json: commits.map(({ oid, title, message, author, date }) => ({
      id: oid,
      title,
      message,
      authors: [{ user: author, avatar: `/avatars/${author}.svg` }],
      date: date.toISOString(),
    })),
  };
}

function pathsInfo(state: HubState, call: RouteCall): RouteReply {
  const repository = readableRepository(state, call);
  const current = commitAt(repository, call.params['revision'] ?? 'main');
  const { paths, expand } = wantedPaths(call);
  const entries = treeOf(current.files, '', true).filter(({ path }) => paths.includes(path));
  return { json: entries.map((entry) => treeEntry(entry, { repository, expand })) };
}

/** As JSON, and as the form that the Python client sends. */
function wantedPaths(call: RouteCall): { paths: string[]; expand: boolean } {
  if (!(call.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    const { paths = [], expand = false } = call.json() as { paths?: string[]; expand?: boolean };
    return { paths, expand };
  }
  const form = new URLSearchParams(call.body.toString('utf8'));
  return { paths: form.getAll('paths'), expand: /^true$/i.test(form.get('expand') ?? '') };
}

function sendFile(state: HubState, call: RouteCall, raw: boolean): RouteReply {
  const repository = readableRepository(state, call);
  const current = commitAt(repository, call.params['revision'] ?? 'main');
  const file = current.files.get(call.params['file'] ?? '');
  if (file === undefined) throw new HubApiError(404, 'Entry not found', { code: 'EntryNotFound' });
  const content = raw ? (file.lfs?.pointer ?? file.content) : file.content;
  const headers = {
    etag: `"${etagOf(file, raw)}"`,
    'x-repo-commit': current.oid,
    'accept-ranges': 'bytes',
    'content-type': content.includes(0) ? 'application/octet-stream' : 'text/plain; charset=utf-8',
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '');
  if (range === null) return { bytes: content, headers };
  const from = Number(range[1]);
  const to = Math.min(range[2] === '' ? content.length - 1 : Number(range[2]), content.length - 1);
  if (from > to)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${content.length}` } };
  const part = content.subarray(from, to + 1);
  return {
    status: 206,
    bytes: part,
    headers: { ...headers, 'content-range': `bytes ${from}-${to}/${content.length}` },
  };
}

function etagOf(file: StoredFile, raw: boolean): string {
  return raw ? file.oid : (file.lfs?.oid ?? file.oid);
}

/** Patterns of the repository's .gitattributes for files in LFS. */
function largePatterns(current: Commit): RegExp[] {
  const attributes = current.files.get('.gitattributes')?.content.toString('utf8') ?? '';
  return attributes
    .split('\n')
    .filter((line) => line.includes('filter=lfs'))
    .map((line) => line.split(/\s/)[0] ?? '')
    .map(
      (pattern) =>
        new RegExp(`(^|/)${pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`),
    );
}
