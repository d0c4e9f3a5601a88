import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { createGit } from '../../frontend/wiring/git.ts';
import type { VercelProject } from '../../model/credential.ts';
import type { Session } from '../../model/runtime.ts';

/** Written by Vercel's CLI when a folder is linked to a project (`vercel link`). */
const linkSchema = z.looseObject({ projectId: z.string() });
/** The same for a repository of several projects (`vercel link --repo`), at its root. */
const repositorySchema = z.looseObject({
  projects: z.array(z.looseObject({ id: z.string(), directory: z.string() })),
});

/**
 * The project of the frontend's folder: linked by Vercel's CLI, or the only one that is deployed from its repository.
 * Null when neither is known, or when several projects are deployed from that repository.
 */
export async function folderProject(
  { flags, runtime }: Pick<Session, 'flags' | 'runtime'>,
  candidates: readonly VercelProject[],
): Promise<VercelProject | null> {
  if (runtime.rehearsal && flags.frontend === null) return null;
  const dir = resolve(runtime.cwd, flags.frontend ?? '.');
  const id = (await linkedIn(dir)) ?? (await linkedAbove(dir));
  const linked = candidates.find((project) => project.id === id);
  if (linked !== undefined) return linked;
  const remote = (await createGit({ dir, signal: runtime.signal }).remote())?.toLowerCase();
  if (remote === undefined) return null;
  const deployed = candidates.filter(({ repository }) => repository?.toLowerCase() === remote);
  return deployed.length === 1 ? (deployed[0] ?? null) : null;
}

async function linkedIn(dir: string): Promise<string | null> {
  const link = linkSchema.safeParse(await json(join(dir, '.vercel', 'project.json')));
  return link.data?.projectId ?? null;
}

/** The project of the deepest folder that holds this one. */
async function linkedAbove(dir: string): Promise<string | null> {
  for (let top = dir; ; top = dirname(top)) {
    const { data } = repositorySchema.safeParse(await json(join(top, '.vercel', 'repo.json')));
    const here = `${relative(top, dir).replaceAll(sep, '/')}/`;
    const holding = (data?.projects ?? []).filter(
      ({ directory }) => directory === '.' || here.startsWith(`${directory.replace(/\/$/, '')}/`),
    );
    const [deepest] = holding.toSorted((a, b) => b.directory.length - a.directory.length);
    if (deepest !== undefined) return deepest.id;
    if (dirname(top) === top) return null;
  }
}

async function json(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
