const extensions = ['', '.js', '.jsx', '.ts', '.tsx', '.mjs', '.cjs', '.mts', '.cts', '.mdx', '.md', '.json'];

/** Import prefixes that bundlers are commonly configured with, and the folders that they stand for. */
const aliases: readonly (readonly [prefix: RegExp, folders: readonly string[]])[] = [
  [/^@site\//, ['']],
  [/^@theme\//, ['src/theme/']],
  [/^[@~]\//, ['src/', '']],
  [/^\//, ['']],
  [/^(?=\w)/, ['src/', '']],
  [/^@(?=\w)/, ['src/']],
];

/**
 * The file of a project that an import specifier names; null for a package. `filesByPath` may be a map, or look at the
 * disk; paths have forward slashes.
 */
export function resolveImport<File>(
  filesByPath: Pick<ReadonlyMap<string, File>, 'get'>,
  { specifier, importer }: { specifier: string; importer: string },
): File | null {
  for (const path of candidatePaths(specifier, importer)) {
    // TypeScript writes `./a.js` for the file `./a.ts`.
    const withoutExtension = path.replace(/\.[cm]?js$/, '');
    for (const base of [path, withoutExtension, `${path}/index`])
      for (const extension of extensions) {
        const file = filesByPath.get(base + extension);
        if (file !== undefined) return file;
      }
  }
  return null;
}

function candidatePaths(specifier: string, importer: string): string[] {
  if (specifier.startsWith('.')) return [joinPath(importer.split('/').slice(0, -1), specifier)];
  const alias = aliases.find(([prefix]) => prefix.test(specifier));
  return (alias?.[1] ?? []).map((folder) => folder + specifier.replace(alias?.[0] ?? '', ''));
}

function joinPath(folder: readonly string[], path: string): string {
  const parts = [...folder];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
