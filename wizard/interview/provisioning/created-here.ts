import type { Session } from '../../model/runtime.ts';
import { createdResources } from '../../model/run/created-resources.ts';
import type { Journal, JournalEntry } from '../../model/run/journal.ts';
import { readCreated, readCreatedQdrant } from '../../provisioning/created-file.ts';

type CreatedEntry = Omit<JournalEntry, 'at' | 'type'>;

/**
 * Notes in a Space's journal what this machine made for it at Qdrant Cloud and Neon, so that `undo` names it. What was
 * there before is not among it.
 */
export async function journalCreated(
  { runtime }: Session,
  options: { journal: Journal; space: string; cluster: string | null; project: string | null },
): Promise<void> {
  const { journal, space, cluster, project } = options;
  const { stateDir } = runtime;
  const { clusters, keys } = await readCreatedQdrant(stateDir);
  const databases = project === null ? [] : await readCreated(stateDir);
  const entries: CreatedEntry[] = [
    ...clusters.flatMap(({ id, name }) =>
      id !== null && id === cluster ? [entryOf('cluster', name, id)] : [],
    ),
    ...keys
      .filter((key) => key.cluster === cluster && key.role === 'server' && key.space === space)
      .map((key) => entryOf('cluster-key', key.name, key.cluster)),
    ...databases.flatMap((database) =>
      database.type === 'neon-project' && project !== null && database.id === project
        ? [entryOf('database', database.name, project)]
        : [],
    ),
  ];
  const before = createdResources(journal.entries);
  for (const entry of entries) {
    const isNoted = before.some(
      ({ thing, id, place }) => thing === entry.thing && id === entry.id && place === entry.place,
    );
    if (!isNoted) await journal.add({ ...entry, type: 'done' });
  }
}

function entryOf(thing: 'cluster' | 'cluster-key' | 'database', id: string, place: string): CreatedEntry {
  const step = thing === 'cluster' ? 'index-book' : 'set-secrets';
  return { step, change: 'created', thing, id, place, previous: null };
}
