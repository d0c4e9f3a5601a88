import type { StandIn } from '../stand-in.ts';
import type { HubServer } from './hub.ts';
import { head } from './repositories/repository.ts';
import { runtimeOf } from './repositories/views.ts';

function findByName<T extends { name: string }>(all: readonly T[], name: string | undefined): T {
  const match = all.find((entry) => entry.name === name);
  if (match === undefined)
    throw new Error(`there is no "${String(name)}": ${all.map((entry) => entry.name).join(', ')}`);
  return match;
}

/** The Hub's controls, and its state without the values of secrets. */
export function hubStandIn(hub: HubServer): StandIn {
  return {
    controls: {
      /** Upgrades or downgrades an account: `{"user":"ben","isPro":true}`. */
      pro: (value) => {
        const { user, isPro } = value as { user?: string; isPro?: boolean };
        findByName(hub.accounts, user).isPro = isPro === true;
      },
      /** What the user does with a code of the device flow: `{"decision":"approved","interval":1,"expiresIn":60}`. */
      device: (value) => {
        const { decision, ...timing } = value as Partial<typeof hub.oauth>;
        Object.assign(hub.oauth, timing);
        if (decision === undefined) return;
        hub.oauth.decision = decision;
        for (const grant of hub.oauth.grants) grant.decision = decision;
      },
      /** Entries of a page of a list. */
      pageSize: (value) => hub.setPageSize(Number(value)),
      /** Sets an organisation's plan: `{"organization":"reading-club","plan":"team"}`; null removes it. */
      plan: (value) => {
        const { organization, plan } = value as {
          organization?: string;
          plan?: 'team' | 'enterprise' | null;
        };
        findByName(hub.organizations, organization).plan = plan ?? null;
      },
    },
    state: () => {
      const repositories = [...hub.repositories].map(([id, repository]) => {
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
      return { repositories: Object.fromEntries(repositories) as Record<string, unknown> };
    },
    close: () => hub.close(),
  };
}
