/** The owner's own hands: what a person reads and sets on the vendors' pages, beside this tool. */
import { commit, downloadFile } from '@huggingface/hub';
import type { SandboxProcess } from '../e2e/sandbox-process.ts';

type Variables = Record<string, { value: string }>;
type SpaceFile = { path: string; type: string };
type Commit = { id: string; title: string };
export type ProjectVariable = { key: string; value: string; target: string[] };

/** The owner of a Space at the Hub. */
export function spaceOwner({ env }: SandboxProcess, space: string) {
  const { HF_ENDPOINT: hubUrl = '', HF_TOKEN: accessToken = '' } = env;
  const repo = { type: 'space', name: space } as const;
  const call = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(`${hubUrl}/api/spaces/${space}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const set = (kind: 'variables' | 'secrets', key: string, value: string) =>
    call(`/${kind}`, { method: 'POST', body: JSON.stringify({ key, value }) });
  const file = async (path: string, revision = 'main'): Promise<string> => {
    const blob = await downloadFile({ repo, path, revision, hubUrl, accessToken });
    return (await blob?.text()) ?? '';
  };
  return {
    file,
    url: async () => (await call<{ host: string }>('')).host,
    variables: async () =>
      Object.fromEntries(
        Object.entries(await call<Variables>('/variables')).map(([key, { value }]) => [key, value]),
      ),
    secrets: async () => Object.keys(await call<Variables>('/secrets')).toSorted(),
    setVariable: (key: string, value: string) => set('variables', key, value),
    setSecret: (key: string, value: string) => set('secrets', key, value),
    /** Every file's text, by its path. */
    contents: async (): Promise<Record<string, string>> => {
      const tree = await call<SpaceFile[]>('/tree/main?recursive=true');
      const paths = tree.filter(({ type }) => type === 'file').map(({ path }) => path);
      return Object.fromEntries(
        await Promise.all(paths.map(async (path) => [path, await file(path)] as const)),
      );
    },
    /** Newest first. */
    commits: () => call<Commit[]>('/commits/main'),
    /** What a revert on the Space's "Files" page does: a new commit with the files of an old one. */
    revertTo: async (revision: string, paths: readonly string[]) => {
      const contents = await Promise.all(paths.map((path) => file(path, revision)));
      await commit({
        repo,
        hubUrl,
        accessToken,
        title: `Revert to ${revision.slice(0, 7)}`,
        useXet: false,
        operations: paths.map((path, index) => ({
          operation: 'addOrUpdate',
          path,
          content: new Blob([contents[index] ?? '']),
        })),
      });
    },
  };
}

/** The owner of a project at Vercel. */
export function projectOwner({ env }: SandboxProcess, project: string) {
  const call = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const headers = { authorization: `Bearer ${env['VERCEL_TOKEN']}`, 'content-type': 'application/json' };
    const response = await fetch(`${env['VERCEL_API_URL']}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    setVariable: (key: string, value: string, target: readonly string[]) =>
      call(`/v10/projects/${project}/env`, {
        method: 'POST',
        body: JSON.stringify({ key, value, type: 'plain', target }),
      }),
    variables: async (): Promise<ProjectVariable[]> => {
      const { envs } = await call<{ envs: ProjectVariable[] }>(`/v10/projects/${project}/env?decrypt=true`);
      return envs.map(({ key, value, target }) => ({ key, value, target }));
    },
  };
}
