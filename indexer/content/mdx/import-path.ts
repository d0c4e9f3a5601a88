import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveImport } from '../../../javascript/resolve-import.ts';

/** A file that an import names, and whether its text is imported as it is. */
export type ImportedFile = { path: string; isRaw: boolean };

type ImportPlaces = {
  /** Absolute; the importing file. */
  file: string;
  /** Absolute; `@site/` is this folder. */
  root: string;
  /** Absolute folders by the alias that the configuration gives them. */
  aliases: ReadonlyMap<string, string>;
};

/**
 * The file that an import specifier names: relative, below `@site/` or below an alias of the configuration; null for a
 * package. Webpack's loader prefixes (`!!raw-loader!./e.py`) and queries (`./e.py?raw`) are no part of the path.
 */
export function importedFile(specifier: string, places: ImportPlaces): ImportedFile | null {
  const bare = specifier.slice(specifier.lastIndexOf('!') + 1);
  const [path = '', query = ''] = bare.split('?');
  const isRaw = /\braw-loader\b/.test(specifier.slice(0, -bare.length)) || /^raw\b/.test(query);
  if (bare !== specifier && !isRaw) return null;
  const absolute = absolutePath(path, places);
  return absolute === null ? null : { path: absolute, isRaw };
}

function absolutePath(path: string, { file, root, aliases }: ImportPlaces): string | null {
  if (path.startsWith('.')) return fileAt(join(dirname(file), path));
  if (path.startsWith('@site/')) return fileAt(join(root, path.slice('@site/'.length)));
  for (const [alias, folder] of aliases)
    if (path === alias || path.startsWith(`${alias}/`)) return fileAt(join(folder, path.slice(alias.length)));
  return null;
}

/** The file itself, or with the extension that the import leaves out. A missing one keeps its path. */
function fileAt(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const specifier = `./${slashed.slice(slashed.lastIndexOf('/') + 1)}`;
  return resolveImport(filesOnDisk, { specifier, importer: slashed }) ?? path;
}

const filesOnDisk = {
  get: (path: string): string | undefined =>
    statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : undefined,
};
