import type { StandIn } from '../stand-in.ts';
import type { Hub } from './hub.ts';
import { head } from './repository.ts';
import { runtimeOf } from './views.ts';

/** What a test may read of the Hub: everything but the values of secrets. */
export function hubStandIn(hub: Hub): StandIn {
  return {
    knobs: {},
    world: () => {
      const shown = [...hub.repositories].map(([id, repository]) => {
        const { sdk, visibility, commits, secrets, variables, space } = repository;
        const settings = [...variables].map(([name, { value }]) => [name, value]);
        return [
          id,
          {
            sdk,
            visibility,
            sha: head(repository).oid,
            commits: commits.map(({ oid, title }) => ({ oid, title })),
            files: [...head(repository).files.keys()],
            secrets: [...secrets.keys()],
            variables: Object.fromEntries(settings) as Record<string, string>,
            host: space.url,
            runtime: runtimeOf(repository),
          },
        ];
      });
      return { repositories: Object.fromEntries(shown) as Record<string, unknown> };
    },
    close: () => hub.close(),
  };
}
