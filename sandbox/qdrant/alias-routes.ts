import type { RouteCall } from '../exchange/serve-routes.ts';
import { maySee, requireAccess, requireManage } from './access.ts';
import { collectionName } from './collection-name.ts';
import { alreadyExists, notFound, QdrantApiError } from './errors.ts';
import type { ResultRoute } from './result-route.ts';
import { aliasesBody } from './collection-requests.ts';
import { parseBody } from './requests.ts';
import { collectionNamed, type QdrantRouteCall, type QdrantState } from './state.ts';

/** Aliases of collections; an action that is refused ends the request, and those before it stay. */
export function aliasRoutes(state: QdrantState): ResultRoute[] {
  return [
    {
      method: 'GET',
      path: '/aliases',
      name: 'aliases',
      result: ({ access }) => aliasList([...state.aliases].filter(([, target]) => maySee(access, target))),
    },
    {
      method: 'GET',
      path: '/collections/:collection/aliases',
      name: 'collection-aliases',
      result: (call) => {
        const name = collectionName(call);
        requireAccess(call.access, name, 'read');
        collectionNamed(state, name);
        return aliasList([...state.aliases].filter(([, target]) => target === name));
      },
    },
    {
      method: 'POST',
      path: '/collections/aliases',
      name: 'update-aliases',
      writes: changesSomething,
      result: (call) => update(state, call),
    },
  ];
}

/** An empty list changes nothing, by which a client finds out what its key may do. */
function changesSomething(call: RouteCall): boolean {
  try {
    return parseBody(aliasesBody, call).actions.length > 0;
  } catch {
    return false;
  }
}

function update(state: QdrantState, call: QdrantRouteCall): true {
  const { actions } = parseBody(aliasesBody, call);
  requireManage(call.access);
  const { aliases, collections } = state;
  for (const action of actions) {
    if ('create_alias' in action) {
      const { alias_name: alias, collection_name: collection } = action.create_alias;
      if (!collections.has(collection)) throw notFound(collection);
      if (collections.has(alias)) throw alreadyExists(alias);
      aliases.set(alias, collection);
    } else if ('delete_alias' in action) {
      aliases.delete(action.delete_alias.alias_name);
    } else {
      const { old_alias_name: from, new_alias_name: to } = action.rename_alias;
      const target = aliases.get(from);
      if (target === undefined) throw new QdrantApiError(404, `Not found: Alias ${from} does not exists!`);
      aliases.delete(from);
      aliases.set(to, target);
    }
  }
  return true;
}

const aliasList = (aliases: [string, string][]): object => ({
  aliases: aliases.map(([alias_name, collection_name]) => ({ alias_name, collection_name })),
});
