import type { RouteCall } from '../exchange/serve-routes.ts';
import { alreadyExists, notFound, QdrantApiError } from './errors.ts';
import type { ResultRoute } from './result-route.ts';
import { aliasesBody, parseBody } from './requests.ts';
import { collectionNamed, type QdrantState } from './state.ts';

/** Second names of collections; the actions of one request take effect together or not at all. */
export function aliasRoutes(world: QdrantState): ResultRoute[] {
  return [
    { method: 'GET', path: '/aliases', name: 'aliases', result: () => aliasList([...world.aliases]) },
    {
      method: 'GET',
      path: '/collections/:collection/aliases',
      name: 'collection-aliases',
      result: ({ params }) => {
        const name = params['collection'] ?? '';
        collectionNamed(world, name);
        return aliasList([...world.aliases].filter(([, target]) => target === name));
      },
    },
    {
      method: 'POST',
      path: '/collections/aliases',
      name: 'update-aliases',
      writes: true,
      result: (call) => update(world, call),
    },
  ];
}

function update(world: QdrantState, call: RouteCall): true {
  const next = new Map(world.aliases);
  for (const action of parseBody(aliasesBody, call.json).actions) {
    if ('create_alias' in action) {
      const { alias_name: alias, collection_name: collection } = action.create_alias;
      if (world.collections.has(alias)) throw alreadyExists(alias);
      if (!world.collections.has(collection)) throw notFound(collection);
      next.set(alias, collection);
    } else if ('delete_alias' in action) {
      next.delete(action.delete_alias.alias_name);
    } else {
      const { old_alias_name: from, new_alias_name: to } = action.rename_alias;
      const target = next.get(from);
      if (target === undefined) throw new QdrantApiError(404, `Not found: Alias ${from} does not exists!`);
      if (world.collections.has(to)) throw alreadyExists(to);
      next.delete(from);
      next.set(to, target);
    }
  }
  world.aliases = next;
  return true;
}

const aliasList = (aliases: [string, string][]): object => ({
  aliases: aliases.map(([alias_name, collection_name]) => ({ alias_name, collection_name })),
});
