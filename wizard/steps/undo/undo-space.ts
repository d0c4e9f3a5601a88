import type { SpaceContext } from '../../deployment/context.ts';
import { marker } from '../../hosting/space/fingerprint.ts';
import { serverFiles } from '../../hosting/space/payload.ts';
import { hubOf, spacePageUrl } from '../../hosting/space/space-access.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { UndoAction } from './undo-action.ts';

const service = 'huggingface';

/** Deletes a Space that this tool created; restores files and settings of one that it took over. Reads only. */
export async function undoSpace(
  context: SpaceContext,
  resources: readonly CreatedResource[],
): Promise<UndoAction[]> {
  const { space } = context.target;
  const hub = hubOf(context);
  const inSpace = resources.filter(({ place }) => place === space);
  const spaceItself = inSpace.find(({ thing }) => thing === 'space');
  if (spaceItself === undefined || (await hub.space(space)) === null) return [];
  if (spaceItself.change === 'created') {
    const what = `deletes the Space ${space} with all that is in it: files, secrets, variables`;
    return [{ service, resource: spaceItself, what, run: () => hub.remove(space) }];
  }
  return [
    ...(await undoFiles(context, spaceItself)),
    // Secrets first: the Hub refuses a variable while a secret has its name.
    ...inSpace
      .toSorted((a, b) => Number(b.thing === 'secret') - Number(a.thing === 'secret'))
      .flatMap((resource) => undoSetting(context, resource)),
  ];
}

/** Back to the commit at which the Space was taken over; files that this tool does not write are left alone. */
async function undoFiles(context: SpaceContext, resource: CreatedResource): Promise<UndoAction[]> {
  const { space } = context.target;
  const commit = resource.previous;
  const hub = hubOf(context);
  if (commit === null) return [];
  const [before, now] = await Promise.all([hub.files(space, commit), hub.files(space)]);
  const currentIds = new Map(now.map(({ path, oid }) => [path, oid]));
  const restored = before.filter(
    ({ path, oid }) => serverFiles.includes(path) && currentIds.get(path) !== oid,
  );
  const previousPaths = new Set(before.map(({ path }) => path));
  const removed = now
    .map(({ path }) => path)
    .filter((path) => serverFiles.includes(path) && !previousPaths.has(path));
  const changes = [
    restored.length === 0 ? '' : `restores ${restored.map(({ path }) => path).join(', ')}`,
    removed.length === 0 ? '' : `removes ${removed.join(', ')}`,
  ].filter((part) => part !== '');
  if (changes.length === 0) return [];
  const run = async (): Promise<void> => {
    const downloads = restored.map(async ({ path }) => {
      return { path, content: await hub.download({ space, path, revision: commit }) };
    });
    const files = await Promise.all(downloads);
    const parent = (await hub.space(space))?.sha ?? null;
    await hub.upload({ space, title: `Back to ${commit.slice(0, 7)}`, files, removed, parent });
  };
  const what = `${space}, as of commit ${commit.slice(0, 7)}: ${changes.join('; ')}; other files stay`;
  return [{ service, resource, what, run }];
}

function undoSetting(context: SpaceContext, resource: CreatedResource): UndoAction[] {
  const { space } = context.target;
  const { thing, id, change, previous } = resource;
  const hub = hubOf(context);
  if (thing === 'secret' && change === 'created') {
    const what = `removes the secret ${id} of ${space}`;
    return [{ service, resource, what, run: () => hub.removeSecret(space, id) }];
  }
  if (thing === 'secret') {
    const page = spacePageUrl(context, '/settings');
    const what = `the secret ${id} stays: its old value is not known (${page})`;
    return [{ service, resource, what, run: null }];
  }
  if (thing !== 'variable') return [];
  if (previous === null && change === 'changed') {
    const what = `the variable ${id} of ${space} does not come back: its value looked like a secret and was not kept`;
    return [{ service, resource, what, run: null }];
  }
  if (previous === null) {
    const what = `removes the variable ${id} of ${space}`;
    return [{ service, resource, what, run: () => hub.removeVariable(space, id) }];
  }
  const run = async (): Promise<void> => {
    const description = id === 'DEPLOYMENT_ID' ? marker : '';
    await hub.setVariable(space, { key: id, value: previous, description });
  };
  return [{ service, resource, what: `${space}: ${id} is ${previous} again`, run }];
}
