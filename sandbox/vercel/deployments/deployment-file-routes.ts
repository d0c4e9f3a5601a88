import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { ProjectFiles } from '../../frontend/site-source.ts';
import { projectOf, type GuardedRoute } from '../access.ts';
import { closeProject } from '../close-project.ts';
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
 * Routes that list and read a deployment's source files, and that delete deployments and projects. Vercel's OpenAPI
 * document lacks them; they follow the types and paths of `@vercel/sdk` 1.28.35.
 */
export function deploymentFileRoutes(state: VercelState): GuardedRoute[] {
  return [
    {
      method: 'GET',
      path: '/v6/deployments/:deployment/files',
      name: 'deployment-files',
      handle: ({ params }, access) => {
        const match = deploymentOf(state, { access, idOrUrl: params['deployment'] ?? '' });
        return { json: treeOf(match.deployment.source) };
      },
    },
    {
      method: 'GET',
      path: '/v8/deployments/:deployment/files/:file',
      name: 'deployment-file',
      handle: ({ params }, access) => {
        const { deployment } = deploymentOf(state, { access, idOrUrl: params['deployment'] ?? '' });
        const text = [...deployment.source.values()].find((text) => uidOf(text) === params['file']);
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
        const match = deploymentOf(state, { access, idOrUrl: params['deployment'] ?? '' });
        const { project, deployment } = match;
        project.deployments = project.deployments.filter((candidate) => candidate !== deployment);
        return { json: { uid: deployment.id, state: 'DELETED' } };
      },
    },
    {
      method: 'DELETE',
      path: '/v9/projects/:project',
      name: 'delete-project',
      writes: true,
      handle: async ({ params }, access) => {
        const project = projectOf(state, { access, idOrName: params['project'] ?? '' });
        state.projects = state.projects.filter((candidate) => candidate !== project);
        await closeProject(project);
        return { status: 204, text: '' };
      },
    },
  ];
}

/** A file's id is the SHA-1 of its bytes. */
const uidOf = (text: string): string => createHash('sha1').update(text).digest('hex');

function treeOf(files: ProjectFiles): FileEntry[] {
  const root: FileEntry[] = [];
  for (const [path, text] of files) {
    const entries = folderOf(root, posix.dirname(path));
    entries.push({ name: posix.basename(path), type: 'file', uid: uidOf(text), mode: 0o100644 });
  }
  return root;
}

/** The entries of a folder, which is created if missing. */
function folderOf(root: FileEntry[], path: string): FileEntry[] {
  let entries = root;
  for (const name of path.split('/').filter((segment) => segment !== '.' && segment !== '')) {
    let folder = entries.find((entry) => entry.name === name && entry.type === 'directory');
    if (folder === undefined) {
      folder = { name, type: 'directory', mode: 0o040755, children: [] };
      entries.push(folder);
    }
    entries = folder.children ?? [];
  }
  return entries;
}
