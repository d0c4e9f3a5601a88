import type { ClusterAccess } from '../../model/credential.ts';
import type { Permissions } from '../../model/display/permissions.ts';
import type { KeyAccess } from './qdrant-access.ts';

const clusterPage = 'https://cloud.qdrant.io';

/** What an accepted key may do: create, write this collection, read it; and what it may do beyond. */
export function qdrantPermissions(key: {
  access: ClusterAccess;
  isGlobal: KeyAccess['isGlobal'];
  isKeyless: boolean;
  /** What the run does with it. */
  use: ClusterAccess;
  collection: string;
  /** Names of all collections that it sees. */
  all: readonly string[];
}): Permissions {
  const { access, isGlobal, isKeyless, use, collection, all } = key;
  const others = all.filter((name) => name !== collection).length;
  const reach = isGlobal ? 'the whole cluster' : collection;
  const may = {
    manage: 'reads and writes the whole cluster, and creates collections',
    write: `reads and writes ${reach}, and may not create collections`,
    read: `reads ${reach}, and may not write`,
  }[access];
  const isWide = !isKeyless && access === 'manage';
  const deletes = others === 0 ? 'any collection' : `${others} other collection${others === 1 ? '' : 's'}`;
  return {
    needed: [use === 'read' ? `reading ${collection}` : `reading and writing ${collection}`],
    has: [isKeyless ? 'no key: everybody may' : may],
    excess: isWide ? [`deleting ${deletes}`] : [],
    page: clusterPage,
  };
}
