import type { StandIn } from '../stand-in.ts';
import type { HubServer } from './hub.ts';
import { head } from './repositories/repository.ts';
import { runtimeOf } from './repositories/views.ts';

function findByName<T extends { name: string }>(all: readonly T[], name: string | undefined): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`nobody is called "${String(name)}": ${all.map((one) => one.name).join(', ')}`);
  return found;
}

/** What a test may read of the Hub: everything but the values of secrets. */
export function hubStandIn(hub: HubServer): StandIn {
  return {
    controls: {
      /** `{"user":"ben","isPro":true}`: an upgrade, or its end. */
      pro: (value) => {
        const { user, isPro } = value as { user?: string; isPro?: boolean };
        findByName(hub.accounts, user).isPro = isPro === true;
      },
      /** `{"organization":"reading-club","plan":"team"}`; null takes it away. */
      plan: (value) => {
        const { organization, plan } = value as {
          organization?: string;
          plan?: 'team' | 'enterprise' | null;
        };
        findByName(hub.organizations, organization).plan = plan ?? null;
      },
    },
    state: () => {
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
