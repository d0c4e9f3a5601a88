/** The JSON of a Space: space info and runtime. */
import { idOf } from '../accounts.ts';
import { cardData, head, type Repository } from './repository.ts';
import type { Commit } from '../files/git.ts';

/** `owner/name`. */
export function idOfRepository({ owner, name }: Pick<Repository, 'owner' | 'name'>): string {
  return `${owner}/${name}`;
}

/** The label before the domain: lower case, with dashes (observed: `tmp_test_space` → `tmp-test-space`). */
function subdomainOf({ owner, name }: Pick<Repository, 'owner' | 'name'>): string {
  return `${owner}-${name}`.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
}

/** The body of `/runtime`, as in the recordings of 2025-03. */
export function runtimeOf(repository: Repository): Record<string, unknown> {
  if (repository.sdk === 'static') {
    return {
      stage: 'RUNNING',
      hardware: { current: null, requested: null },
      storage: null,
      replicas: { requested: 1, current: 1 },
    };
  }
  const { stage, errorMessage, url } = repository.space;
  const isRunning = stage.startsWith('RUNNING');
  return {
    stage,
    ...(errorMessage === null ? {} : { errorMessage }),
    hardware: { current: isRunning ? repository.hardware : null, requested: repository.hardware },
    storage: null,
    gcTimeout: repository.sleepSeconds,
    replicas: { ...(isRunning ? { current: 1 } : {}), requested: 1 },
    devMode: false,
    domains: [{ domain: new URL(url).host, stage: 'READY' }],
    ...(isRunning ? { sha: head(repository).oid } : {}),
  };
}

/** Complete space info at a commit. */
export function infoOf(repository: Repository, commit: Commit): Record<string, unknown> {
  const id = idOfRepository(repository);
  return {
    _id: repository.databaseId,
    id,
    author: repository.owner,
    sha: commit.oid,
    lastModified: commit.date.toISOString(),
    createdAt: repository.createdAt.toISOString(),
    likes: 0,
    private: repository.visibility === 'private',
    visibility: repository.visibility,
    gated: false,
    disabled: false,
    sdk: repository.sdk,
    host: repository.space.url,
    subdomain: subdomainOf(repository),
    tags: [repository.sdk, 'region:us'],
    models: [],
    datasets: [],
    cardData: cardData(commit),
    runtime: runtimeOf(repository),
    siblings: [...commit.files.keys()].map((rfilename) => ({ rfilename })),
    usedStorage: [...commit.files.values()].reduce((sum, { content }) => sum + content.length, 0),
    xetEnabled: false,
    gitalyUid: idOf(`${id}.git`),
  };
}

/** Only the fields in `expand`, if it is given. */
export function selectExpanded(
  info: Record<string, unknown>,
  query: URLSearchParams,
): Record<string, unknown> {
  const names = [...query.getAll('expand'), ...query.getAll('expand[]')];
  if (names.length === 0) return info;
  const selected = ['_id', 'id', ...names].filter((key) => key in info);
  return Object.fromEntries(selected.map((key) => [key, info[key]]));
}
