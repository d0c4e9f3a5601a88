import { createdResources, type CreatedResource } from '../model/run/created-resources.ts';
import { listJournals, type StoredJournal } from './journal-file.ts';

/**
 * Which other place of this machine's journals uses a collection, a cluster, a database or a frontend's variable now: a
 * server moves with them. Of a variable, the place that wrote it last.
 */
export async function usedElsewhere({
  stateDir,
  space,
}: {
  stateDir: string;
  space: string;
}): Promise<(resource: CreatedResource) => string | null> {
  const journals = await listJournals({ stateDir });
  const lastAt = (entries: StoredJournal['entries'], { thing, id, place }: CreatedResource): string =>
    entries.findLast((entry) => entry.thing === thing && entry.id === id && entry.place === place)?.at ?? '';
  const own = journals.find((journal) => journal.space === space)?.entries ?? [];
  const others = journals.filter(
    (journal) => journal.space !== space && createdResources(journal.entries).some(isPlace),
  );
  const userOf = (resource: CreatedResource): string | null => {
    if (!sharedThings.has(resource.thing)) return null;
    const users = others.filter(({ entries }) =>
      createdResources(entries).some(
        ({ thing, id, place }) => thing === resource.thing && id === resource.id && place === resource.place,
      ),
    );
    const isLater = ({ entries }: StoredJournal): boolean =>
      resource.thing !== 'frontend-variable' || lastAt(entries, resource) > lastAt(own, resource);
    return users.find(isLater)?.space ?? null;
  };
  // A server that moved with pasted keys has no entry of the cluster and the database, only of the collection.
  const mover = createdResources(own)
    .filter(({ thing }) => thing === 'collection')
    .map(userOf)
    .find((user) => user !== null);
  return (resource) => {
    const user = userOf(resource);
    const moves = resource.thing === 'cluster' || resource.thing === 'database';
    return user ?? (moves ? (mover ?? null) : null);
  };
}

const sharedThings: ReadonlySet<CreatedResource['thing']> = new Set([
  'collection',
  'frontend-variable',
  'cluster',
  'database',
]);

const isPlace = ({ thing }: CreatedResource): boolean => thing === 'space';
