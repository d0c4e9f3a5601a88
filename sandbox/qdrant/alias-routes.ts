import type { RouteCall } from '../exchange/serve-routes.ts';
import { alreadyExists, notFound, QdrantApiError } from './errors.ts';
import type { ResultRoute } from './result-route.ts';
import { aliasesBody, parseBody } from './requests.ts';
import { collectionNamed, type QdrantState } from './state.ts';

/** Aliases of collections; the actions of one request are applied together or not at all. */
export function aliasRoutes(state: QdrantState): ResultRoute[] {
  return [
    { method: 'GET', path: '/aliases', name: 'aliases', result: () => aliasList([...state.aliases]) },
    {
      method: 'GET',
      path: '/collections/:collection/aliases',
      name: 'collection-aliases',
      result: ({ params }) => {
        const name = params['collection'] ?? '';
        collectionNamed(state, name);
        return aliasList([...state.aliases].filter(([, target]) => target === name));
      },
    },
    {
      method: 'POST',
      path: '/collections/aliases',
      name: 'update-aliases',
      writes: true,
      result: (call) => update(state, call),
    },
  ];
}

function update(state: QdrantState, call: RouteCall): true {
  const next = new Map(state.aliases);
  for (const action of parseBody(aliasesBody, call.json).actions) {
    if ('create_alias' in action) {
      const { alias_name: alias, collection_name: collection } = action.create_alias;
      if (state.collections.has(alias)) throw alreadyExists(alias);
      if (!state.collections.has(collection)) throw notFound(collection);
      next.set(alias, collection);
    } else if ('delete_alias' in action) {
      next.delete(action.delete_alias.alias_name);
    } else {
      const { old_alias_name: from, new_alias_name: to } = action.rename_alias;
      const target = next.get(from);
      if (target === undefined) throw new QdrantApiError(404, `Not found: Alias ${from} does not exists!`);
      if (state.collections.has(to)) throw alreadyExists(to);
      next.delete(from);
      next.set(to, target);
    }
  }
  state.aliases = next;
  return true;
}

const aliasList = (aliases: [string, string][]): object => ({
  aliases: aliases.map(([alias_name, collection_name]) => ({ alias_name, collection_name })),
});
