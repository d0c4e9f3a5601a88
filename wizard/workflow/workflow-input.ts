import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join, posix, relative, sep } from 'node:path';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { isVercelPlace, parseFunctionPlace } from '../model/formats/function-place.ts';
import { Failure } from '../model/failure.ts';
import { parseSiteUrl } from '../model/formats/book-location.ts';

/** What a workflow does, and on what. */
export type WorkflowInput = {
  /** Of this package, which the workflow runs. */
  version: string;
  /** The flags that name the server: `--space ana/book-chat`. */
  serverFlags: readonly string[];
  collection: string;
  /** The book from the top of the repository, with `/`. */
  docs: string;
  /** How the site is built; null where the repository does not build one. */
  build: BuildCommands | null;
  /** Minute and hour (UTC) of the daily check: not the same for everyone. */
  daily: { minute: number; hour: number };
};

export type BuildCommands = {
  /** Folder of the site from the top of the repository. */
  folder: string;
  /** Commands that install and build, in that folder. */
  install: readonly string[];
  run: string;
};

const installers: readonly { lock: string; install: readonly string[]; run: string }[] = [
  { lock: 'package-lock.json', install: ['npm ci'], run: 'npm run build' },
  {
    lock: 'pnpm-lock.yaml',
    install: ['corepack enable', 'pnpm install --frozen-lockfile'],
    run: 'pnpm run build',
  },
  { lock: 'yarn.lock', install: ['corepack enable', 'yarn install --immutable'], run: 'yarn run build' },
];

/** The flags that name a server’s place on the command line. */
export function serverFlags(place: string): string[] {
  if (!isVercelPlace(place)) return ['--space', place];
  const { account, isTeam, name } = parseFunctionPlace(place);
  const team = isTeam ? ['--hosting-team', account] : [];
  return ['--hosting', 'vercel', '--hosting-project', name, ...team];
}

/** When the daily check of a server runs: the same at each call, spread over the hour. */
export function dailyTimeOf(place: string): WorkflowInput['daily'] {
  const [first = 0, second = 0] = createHash('sha256').update(place).digest();
  return { minute: first % 60, hour: second % 6 };
}

/**
 * The book of a folder, and how its repository builds the site: null where there is no Docusaurus site with a lock file
 * and a script that builds it. Throws Failure `book-not-found` or `workflow-folder` (usage).
 */
export async function bookInRepository(options: {
  dir: string;
  top: string;
  signal: AbortSignal;
}): Promise<Pick<WorkflowInput, 'docs' | 'build'>> {
  const site = parseSiteUrl(options.dir) === null ? await findBook(options) : null;
  if (site === null)
    throw new Failure({
      kind: 'usage',
      code: 'book-not-found',
      message: 'No Docusaurus site or Markdown was found here, and a workflow indexes one of its repository.',
      remedy: 'Run it in the repository that holds the book, or name its folder with --docs.',
    });
  const docs = pathInRepository({ top: options.top, dir: site.root });
  const build = site.kind === 'docusaurus' ? await siteBuild(options.top, docs) : null;
  return { docs, build };
}

async function siteBuild(top: string, folder: string): Promise<BuildCommands | null> {
  for (const at of new Set([folder, '.'])) {
    const scripts = await scriptsIn(join(top, folder));
    const installer = await installerIn(join(top, at));
    if (installer === null || !scripts.includes('build')) continue;
    const isAbove = at !== folder;
    const install = isAbove
      ? installer.install.map((command) => `(cd ${up(folder)} && ${command})`)
      : installer.install;
    return { folder, install, run: installer.run };
  }
  return null;
}

/** A folder as the workflow names it. Throws Failure `workflow-folder` for one that it cannot name. */
function pathInRepository({ top, dir }: { top: string; dir: string }): string {
  const path = relative(top, dir).split(sep).join(posix.sep) || '.';
  if (path.startsWith('../') || path === '..' || /[\u0000-\u001f]|\$\{\{/.test(path))
    throw new Failure({
      kind: 'usage',
      code: 'workflow-folder',
      message: 'The book’s folder cannot be named in a workflow of this repository.',
      remedy: 'Run it in the repository that holds the book, or name its folder with --docs.',
    });
  return path;
}

function up(folder: string): string {
  return folder.split('/').fill('..').join('/');
}

async function installerIn(dir: string): Promise<(typeof installers)[number] | null> {
  for (const installer of installers) {
    const text = await readFile(join(dir, installer.lock), 'utf8').catch(() => null);
    if (text !== null) return installer;
  }
  return null;
}

async function scriptsIn(dir: string): Promise<string[]> {
  try {
    const content: unknown = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
    const scripts: unknown = Reflect.get(Object(content), 'scripts');
    return Object.keys(Object(scripts));
  } catch {
    return [];
  }
}
