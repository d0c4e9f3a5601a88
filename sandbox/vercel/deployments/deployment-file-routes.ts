import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { ProjectFiles } from '../../frontend/site-source.ts';
import { projectOf, type GuardedRoute } from '../access.ts';
import { deploymentOf } from './deployment-routes.ts';
import { notFound } from '../errors.ts';
import type { VercelState } from '../state.ts';

type FileEntry = {
  name: string;
  type: 'file' | 'directory';
  uid?: string;
  mode: number;
  contentType?: string;
  children?: FileEntry[];
};

/**
 * What a deployment was made from, to list and to read, and the end of deployments and of projects. In no
 * document of ours: after the types and the paths of `@vercel/sdk` 1.28.35.
 */
export function deploymentFileRoutes(world: VercelState): GuardedRoute[] {
  return [
    {
      method: 'GET',
      path: '/v6/deployments/:deployment/files',
      name: 'deployment-files',
      handle: ({ params }, access) => {
        const found = deploymentOf(world, { access, idOrUrl: params['deployment'] ?? '' });
        return { json: treeOf(found.deployment.source) };
      },
    },
    {
      method: 'GET',
      path: '/v8/deployments/:deployment/files/:file',
      name: 'deployment-file',
      handle: ({ params }, access) => {
        const { deployment } = deploymentOf(world, { access, idOrUrl: params['deployment'] ?? '' });
        const text = [...deployment.source.values()].find((one) => uidOf(one) === params['file']);
        if (text === undefined) throw notFound('File');
        return { json: { data: Buffer.from(text).toString('base64') } };
      },
    },
    {
      method: 'DELETE',
      path: '/v13/deployments/:deployment',
      name: 'delete-deployment',
      writes: true,
      handle: ({ params }, access) => {
        const found = deploymentOf(world, { access, idOrUrl: params['deployment'] ?? '' });
        const { project, deployment } = found;
        project.deployments = project.deployments.filter((one) => one !== deployment);
        return { json: { uid: deployment.id, state: 'DELETED' } };
      },
    },
    {
      method: 'DELETE',
      path: '/v9/projects/:project',
      name: 'delete-project',
      writes: true,
      handle: async ({ params }, access) => {
        const project = projectOf(world, { access, idOrName: params['project'] ?? '' });
        world.projects = world.projects.filter((one) => one !== project);
        await Promise.all(project.sites.map((site) => site.close()));
        return { status: 204, text: '' };
      },
    },
  ];
}

/** A deployment names its files by the SHA-1 of their bytes. */
const uidOf = (text: string): string => createHash('sha1').update(text).digest('hex');

function treeOf(files: ProjectFiles): FileEntry[] {
  const top: FileEntry[] = [];
  for (const [path, text] of files) {
    const at = folderOf(top, posix.dirname(path));
    at.push({ name: posix.basename(path), type: 'file', uid: uidOf(text), mode: 0o100644 });
  }
  return top;
}

/** The entries of a folder, which is made on the way where it is missing. */
function folderOf(top: FileEntry[], path: string): FileEntry[] {
  let at = top;
  for (const name of path.split('/').filter((one) => one !== '.' && one !== '')) {
    let folder = at.find((one) => one.name === name && one.type === 'directory');
    if (folder === undefined) {
      folder = { name, type: 'directory', mode: 0o040755, children: [] };
      at.push(folder);
    }
    at = folder.children ?? [];
  }
  return at;
}
