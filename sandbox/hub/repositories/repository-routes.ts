import type { RouteCall, RouteReply, Route } from '../../exchange/serve-routes.ts';
import { mayRead, mayWrite } from '../accounts.ts';
import { firstFiles } from '../files/first-files.ts';
import { pageOf } from '../page-of.ts';
import { HubApiError } from '../hub-api-error.ts';
import { commitAt, head, type Repository, type Sdk, type Setting, type Visibility } from './repository.ts';
import { parseSetting } from './setting-routes.ts';
import {
  callerOf,
  hostsDocker,
  requireCaller,
  readableRepository,
  writableRepository,
  type HubState,
} from '../state.ts';
import { selectExpanded, idOfRepository, infoOf } from './views.ts';

const NEEDS_PRO =
  'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro';

type CreateBody = {
  type?: string;
  name?: string;
  organization?: string | null;
  sdk?: string;
  visibility?: Visibility;
  private?: boolean;
  hardware?: string;
  secrets?: unknown[];
  variables?: unknown[];
  files?: { path: string; content: string; encoding?: 'utf-8' | 'base64' }[];
};

/** Creating, deleting, finding and describing Spaces. */
export function repositoryRoutes(state: HubState): Route[] {
  const info = (call: RouteCall): RouteReply => {
    const repository = readableRepository(state, call);
    const commit = commitAt(repository, call.params['revision'] ?? 'main');
    return {
      json: selectExpanded(infoOf(repository, commit), call.query),
      headers: { 'x-repo-commit': commit.oid },
    };
  };
  return [
    {
      method: 'POST',
      path: '/api/repos/create',
      name: 'create',
      writes: true,
      handle: (call) => create(state, call),
    },
    {
      method: 'DELETE',
      path: '/api/repos/delete',
      name: 'delete',
      writes: true,
      handle: (call) => remove(state, call),
    },
    { method: 'GET', path: '/api/spaces', name: 'list', handle: (call) => list(state, call) },
    { method: 'GET', path: '/api/spaces/:owner/:name', name: 'info', handle: info },
    { method: 'GET', path: '/api/spaces/:owner/:name/revision/:revision', name: 'info', handle: info },
    {
      method: 'GET',
      path: '/api/spaces/:owner/:name/host',
      name: 'host',
      handle: (call) => ({ json: { host: readableRepository(state, call).space.url } }),
    },
    {
      method: 'PUT',
      path: '/api/spaces/:owner/:name/settings',
      name: 'settings',
      writes: true,
      handle: (call) => {
        const { repository } = writableRepository(state, call);
        const body = call.json() as { visibility?: Visibility; private?: boolean };
        repository.visibility = visibilityOf(body) ?? repository.visibility;
        return { json: { private: repository.visibility === 'private', visibility: repository.visibility } };
      },
    },
  ];
}

async function create(state: HubState, call: RouteCall): Promise<RouteReply> {
  const caller = requireCaller(state, call);
  const body = call.json() as CreateBody;
  const owner = body.organization ?? caller.account.name;
  const name = nameOf(body.name);
  if (body.type !== 'space') throw new HubApiError(400, 'The stand-in for the Hub only knows Spaces.');
  const sdk = sdkOf(body.sdk);
  const exists = [...state.accounts, ...state.organizations].some((account) => account.name === owner);
  if (!exists || !mayWrite({ ...caller, namespace: owner })) {
    throw new HubApiError(403, "You don't have the rights to create a space under this namespace");
  }
  if (sdk !== 'static' && !hostsDocker(state, owner)) throw new HubApiError(402, NEEDS_PRO);
  const secrets = settingsOf(body.secrets);
  const variables = settingsOf(body.variables);
  const id = `${owner}/${name}`;
  const url = `${state.url()}/spaces/${id}`;
  if (state.repositories.has(id)) {
    throw new HubApiError(409, 'You already created this space repo', { more: { url } });
  }
  if (state.busy.has(id)) {
    throw new HubApiError(409, 'Cannot create repo: another conflicting operation is in progress');
  }
  const files = firstFiles({ name, sdk, files: body.files ?? [] });
  const visibility = visibilityOf(body) ?? 'public';
  const author = caller.account.name;
  const creation = state.create({
    owner,
    name,
    sdk,
    visibility,
    files,
    author,
    hardware: body.hardware,
  });
  const repository = await whileBusy(state, id, creation);
  repository.secrets = secrets;
  repository.variables = variables;
  if (files.has('Dockerfile')) repository.space.build();
  return { json: { url, name: id, id: repository.databaseId } };
}

async function remove(state: HubState, call: RouteCall): Promise<RouteReply> {
  const caller = requireCaller(state, call);
  const body = call.json() as { name?: string; organization?: string | null; type?: string | null };
  const owner = body.organization ?? caller.account.name;
  // Without a type the Hub looks for a model.
  if (body.type !== 'space') throw new HubApiError(404, 'Repository not found', { code: 'RepoNotFound' });
  const params = { owner, name: body.name ?? '' };
  const { repository } = writableRepository(state, { ...call, params });
  const id = idOfRepository(repository);
  state.repositories.delete(id);
  await whileBusy(state, id, repository.space.close());
  return { text: 'OK' };
}

/** Reserves the name while `work` is in progress. */
async function whileBusy<T>(state: HubState, id: string, work: Promise<T>): Promise<T> {
  state.busy.add(id);
  try {
    return await work;
  } finally {
    state.busy.delete(id);
  }
}

function list(state: HubState, call: RouteCall): RouteReply {
  const caller = callerOf(state, call.headers);
  const author = call.query.get('author');
  const search = call.query.get('search')?.toLowerCase() ?? '';
  const visible = [...state.repositories.values()].filter((repository) => {
    const isMember = caller !== null && mayRead({ ...caller, namespace: repository.owner });
    if (repository.visibility !== 'public' && !isMember) return false;
    if (author !== null && repository.owner !== author) return false;
    return idOfRepository(repository).toLowerCase().includes(search);
  });
  const size = Math.min(Number(call.query.get('limit') ?? 500), state.pageSize);
  const { page, link } = pageOf(visible, { call, url: state.url(), size });
  return { json: page.map((repository) => summary(repository, call.query)), headers: link };
}

function summary(repository: Repository, query: URLSearchParams): Record<string, unknown> {
  const info = infoOf(repository, head(repository));
  if (query.has('expand') || query.has('expand[]')) return selectExpanded(info, query);
  const { _id, id, likes, sdk, tags, createdAt, lastModified } = info;
  return { _id, id, likes, private: info['private'], sdk, tags, createdAt, lastModified };
}

/** Checks a name by the rule of huggingface_hub's validator. */
function nameOf(name: string | undefined): string {
  const valid = name !== undefined && /^[\w.-]{1,96}$/.test(name) && !/--|\.\.|^[-.]|[-.]$|\.git$/.test(name);
  if (!valid) throw new HubApiError(400, `Invalid repo name: ${String(name)}`);
  return name;
}

function sdkOf(sdk: string | undefined): Sdk {
  if (sdk === 'docker' || sdk === 'static' || sdk === 'gradio') return sdk;
  throw new HubApiError(400, `Invalid value for "sdk": ${String(sdk)}`);
}

function visibilityOf(body: { visibility?: Visibility; private?: boolean }): Visibility | null {
  if (body.visibility !== undefined) return body.visibility;
  if (body.private === undefined) return null;
  return body.private ? 'private' : 'public';
}

function settingsOf(entries: unknown[] | undefined): Map<string, Setting> {
  return new Map(
    (entries ?? []).map((entry) => parseSetting(entry)).map(({ key, setting }) => [key, setting]),
  );
}
