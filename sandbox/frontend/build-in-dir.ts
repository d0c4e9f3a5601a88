import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { SiteBuild } from './build-site.ts';
import type { ProjectFiles } from './site-source.ts';

/** How to build a project with its real tool: a command that runs in a copy of the source. */
export type BuildRecipe = {
  /** Program and arguments; run without a shell. */
  command: readonly string[];
  /** The folder that the command writes to. */
  output: string;
  /** A `node_modules` folder to link into the copy, or null. */
  modules: string | null;
};

const skippedFolders = /^(?:node_modules|\.git|build|dist|\.docusaurus|out|\.vercel)$/;
const timeoutMs = 10 * 60_000;

/** The text files of a folder by path, without built or installed files. */
export async function readSource(folder: string): Promise<ProjectFiles> {
  const files = new Map<string, string>();
  const walk = async (at: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true })) {
      if (skippedFolders.test(entry.name)) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile())
        files.set(relative(folder, path).replaceAll('\\', '/'), await readFile(path, 'utf8'));
    }
  };
  await walk(folder);
  return files;
}

/** Runs the command with the given variables in a temporary folder. Throws an Error with the end of its output. */
export async function buildInDir({
  source,
  env,
  recipe,
}: {
  source: ProjectFiles;
  env: Readonly<Record<string, string>>;
  recipe: BuildRecipe;
}): Promise<SiteBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'rag-space-setup-build-'));
  try {
    for (const [path, text] of source) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    if (recipe.modules !== null) await symlink(recipe.modules, join(folder, 'node_modules'), 'dir');
    const log = await runCommand(recipe.command, { cwd: folder, env });
    const files = new Map(await readSource(join(folder, recipe.output)));
    // Vercel reads vercel.json from the source, wherever the site is built.
    const rules = source.get('vercel.json');
    if (rules !== undefined) files.set('vercel.json', rules);
    return { files, log };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runCommand(
  [program = '', ...args]: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<string[]> {
  const base = { PATH: process.env['PATH'] ?? '', HOME: cwd, CI: '1', NODE_ENV: 'production' };
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...base, ...env }, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 };
    execFile(program, args, options, (error, stdout, stderr) => {
      const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
      if (error === null) resolve(lines.slice(-200));
      else reject(new Error(lines.slice(-12).join('\n') || error.message));
    });
  });
}
