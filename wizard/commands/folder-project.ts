import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { createGit } from '../frontend/git.ts';
import type { VercelProject } from '../model/credential.ts';
import type { Session } from './world.ts';

/** Written by Vercel's own tool when a folder is linked to a project. */
const linkSchema = z.looseObject({ projectId: z.string() });

/**
 * The project that the frontend's folder belongs to: linked by Vercel's tool, or by the repository that deploys it.
 * Null when neither tells, or when several projects are deployed from that repository.
 */
export async function folderProject(
  { flags, world }: Pick<Session, 'flags' | 'world'>,
  candidates: readonly VercelProject[],
): Promise<VercelProject | null> {
  if (world.rehearsal && flags.frontend === null) return null;
  const dir = resolve(world.cwd, flags.frontend ?? '.');
  const text = await readFile(join(dir, '.vercel', 'project.json'), 'utf8').catch(() => '{}');
  const linked = candidates.find(({ id }) => id === projectIdIn(text));
  if (linked !== undefined) return linked;
  const remote = (await createGit({ dir, signal: world.signal }).remote())?.toLowerCase();
  if (remote === undefined) return null;
  const deployed = candidates.filter(({ repository }) => repository?.toLowerCase() === remote);
  return deployed.length === 1 ? (deployed[0] ?? null) : null;
}

function projectIdIn(text: string): string | null {
  try {
    return linkSchema.safeParse(JSON.parse(text)).data?.projectId ?? null;
  } catch {
    return null;
  }
}
