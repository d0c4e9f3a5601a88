import type { SpaceContext } from '../../deployment/context.ts';
import { hostingOf, hostingService } from '../../hosting/hosting-of.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { UndoAction } from './undo-action.ts';

/** Deletes a Space that this tool created; restores files and settings of one that it took over. Reads only. */
export async function undoSpace(
  context: SpaceContext,
  resources: readonly CreatedResource[],
): Promise<UndoAction[]> {
  const { space } = context.target;
  const hosting = hostingOf(context);
  const { service, noun, label } = hosting;
  const inSpace = resources.filter(({ place }) => place === space);
  const spaceItself = inSpace.find(({ thing }) => thing === 'space');
  if (spaceItself === undefined || (await hosting.status()) === null) return [];
  if (spaceItself.change === 'created') {
    const what = `deletes ${noun} ${label} with all that is in it: files, secrets, variables`;
    return [{ service, resource: spaceItself, what, run: () => hosting.remove() }];
  }
  return [
    ...(await undoFiles(context, spaceItself)),
    // Secrets first: the Hub refuses a variable while a secret has its name.
    ...inSpace
      .toSorted((a, b) => Number(b.thing === 'secret') - Number(a.thing === 'secret'))
      .flatMap((resource) => undoSetting(context, resource)),
  ];
}

async function undoFiles(context: SpaceContext, resource: CreatedResource): Promise<UndoAction[]> {
  if (resource.previous === null) return [];
  const restore = await hostingOf(context).planRestore(resource.previous);
  return restore === null ? [] : [{ service: hostingService(context), resource, ...restore }];
}

function undoSetting(context: SpaceContext, resource: CreatedResource): UndoAction[] {
  const { thing, id, change, previous } = resource;
  const hosting = hostingOf(context);
  const { service, label: space } = hosting;
  if (thing === 'secret' && change === 'created') {
    const what = `removes the secret ${id} of ${space}`;
    return [{ service, resource, what, run: () => hosting.removeSecret(id) }];
  }
  if (thing === 'secret') {
    const page = hosting.page('settings');
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
    return [{ service, resource, what, run: () => hosting.removeVariable(id) }];
  }
  const run = async (): Promise<void> => {
    await hosting.setVariable({ key: id, value: previous, isOurs: id === 'DEPLOYMENT_ID' });
  };
  return [{ service, resource, what: `${space}: ${id} is ${previous} again`, run }];
}
