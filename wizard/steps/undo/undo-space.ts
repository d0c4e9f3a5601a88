import { marker } from '../../hosting/space/fingerprint.ts';
import { serverFiles } from '../../hosting/space/payload.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import { hubOf, spacePageUrl } from '../../hosting/space/space-access.ts';
import type { UndoAction } from './undo-frontend-variable.ts';

const service = 'huggingface';

/** A Space that this tool created goes; one that it took over gets its files and settings back. Reads only. */
export async function undoSpace(
  context: SpaceContext,
  made: readonly CreatedResource[],
): Promise<UndoAction[]> {
  const { space } = context.target;
  const hub = hubOf(context);
  const inSpace = made.filter(({ place }) => place === space);
  const itself = inSpace.find(({ thing }) => thing === 'space');
  if (itself === undefined || (await hub.space(space)) === null) return [];
  if (itself.change === 'created') {
    return [
      {
        service,
        resource: itself,
        what: `deletes the Space ${space} with all that is in it: files, secrets, variables`,
        run: () => hub.remove(space),
      },
    ];
  }
  return [...(await undoFiles(context, itself)), ...inSpace.flatMap((one) => undoSetting(context, one))];
}

async function undoFiles(context: SpaceContext, itself: CreatedResource): Promise<UndoAction[]> {
  const { space } = context.target;
  const commit = itself.previous;
  const hub = hubOf(context);
  if (commit === null) return [];
  const [before, now] = await Promise.all([hub.files(space, commit), hub.files(space)]);
  const standing = new Map(now.map(({ path, oid }) => [path, oid]));
  const restored = before.filter(({ path, oid }) => serverFiles.includes(path) && standing.get(path) !== oid);
  const kept = new Set(before.map(({ path }) => path));
  const removed = now.map(({ path }) => path).filter((path) => serverFiles.includes(path) && !kept.has(path));
  const what = [
    restored.length === 0 ? '' : `puts back ${restored.map(({ path }) => path).join(', ')}`,
    removed.length === 0 ? '' : `removes ${removed.join(', ')}`,
  ].filter((part) => part !== '');
  if (what.length === 0) return [];
  const run = async (): Promise<void> => {
    const files = await Promise.all(
      restored.map(async ({ path }) => ({
        path,
        content: await hub.download({ space, path, revision: commit }),
      })),
    );
    const parent = (await hub.space(space))?.sha ?? null;
    await hub.upload({ space, title: `Back to ${commit.slice(0, 7)}`, files, removed, parent });
  };
  return [
    {
      service,
      resource: itself,
      what: `${space}, as of commit ${commit.slice(0, 7)}: ${what.join('; ')}; other files stay`,
      run,
    },
  ];
}

function undoSetting(context: SpaceContext, made: CreatedResource): UndoAction[] {
  const { space } = context.target;
  const { thing, id, change, previous } = made;
  const hub = hubOf(context);
  if (thing === 'secret') {
    const what = `removes the secret ${id} of ${space}`;
    if (change === 'created')
      return [{ service, resource: made, what, run: () => hub.removeSecret(space, id) }];
    const page = spacePageUrl(context, '/settings');
    return [
      {
        service,
        resource: made,
        what: `the secret ${id} stays: its old value is not known (${page})`,
        run: null,
      },
    ];
  }
  if (thing !== 'variable') return [];
  if (previous === null) {
    const what = `removes the variable ${id} of ${space}`;
    return [{ service, resource: made, what, run: () => hub.removeVariable(space, id) }];
  }
  const run = async (): Promise<void> => {
    const description = id === 'DEPLOYMENT_ID' ? marker : '';
    await hub.setVariable(space, { key: id, value: previous, description });
  };
  return [{ service, resource: made, what: `${space}: ${id} is ${previous} again`, run }];
}
