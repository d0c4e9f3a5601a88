import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { SandboxSpace, type SpaceOptions } from '../../space/sandbox-space.ts';
import type { SpaceSource } from '../../space/space-stage.ts';
import { mayRead } from '../accounts.ts';
import { makeCommit, storedFile } from '../files/git.ts';
import { head, settingValues, type Repository } from './repository.ts';
import { callerOf, type HubState, type NewRepository } from '../state.ts';
import { idOfRepository } from './views.ts';

/** A Space on cpu-basic sleeps after 48 hours. */
const SLEEP_SECONDS = 172_800;

/** What all Spaces of one Hub share. */
type SpaceEnvironment = Pick<SpaceOptions, 'behaviour' | 'faults' | 'record' | 'reaper'> & { folder: string };

/** Creates a repository with its first commit and its Space's gateway; nothing is built yet. */
export async function createRepository({
  state,
  options,
  environment,
}: {
  state: HubState;
  options: NewRepository;
  environment: SpaceEnvironment;
}): Promise<Repository> {
  const { owner, name, sdk, visibility, author } = options;
  const files = new Map([...options.files].map(([path, content]) => [path, storedFile(content)]));
  const first = makeCommit({
    parent: null,
    title: 'initial commit',
    message: '',
    author,
    date: new Date(),
    files,
  });
  const { behaviour, faults, record, reaper, folder } = environment;
  const space = await SandboxSpace.open({
    behaviour,
    faults,
    record,
    reaper,
    home: join(folder, `${owner}--${name}-${randomBytes(3).toString('hex')}`),
    source: () => sourceOf(repository),
    maySee: (request) => maySee({ state, repository, request }),
  });
  const repository: Repository = {
    databaseId: randomBytes(12).toString('hex'),
    owner,
    name,
    sdk,
    visibility,
    createdAt: new Date(),
    commits: [first],
    secrets: new Map(),
    variables: new Map(),
    hardware: options.hardware ?? 'cpu-basic',
    sleepSeconds: SLEEP_SECONDS,
    space,
  };
  state.repositories.set(idOfRepository(repository), repository);
  return repository;
}

function sourceOf(repository: Repository): SpaceSource {
  const commit = head(repository);
  return {
    id: idOfRepository(repository),
    sha: commit.oid,
    files: new Map([...commit.files].map(([path, { content }]) => [path, content])),
    secrets: settingValues(repository.secrets),
    variables: settingValues(repository.variables),
  };
}

function maySee(options: { state: HubState; repository: Repository; request: IncomingMessage }): boolean {
  const { state, repository, request } = options;
  if (repository.visibility !== 'private') return true;
  try {
    const caller = callerOf(state, request.headers);
    if (caller === null) return false;
    return mayRead({ ...caller, namespace: repository.owner, repo: idOfRepository(repository) });
  } catch {
    // An unknown token.
    return false;
  }
}
