import type { SourceFile } from './source-file.ts';

const endings = ['', '.js', '.jsx', '.ts', '.tsx', '.mjs', '.cjs', '.mts', '.cts', '.mdx'];
/** What bundlers are commonly told to take for the top of the source. */
const aliases: readonly (readonly [prefix: RegExp, folders: readonly string[]])[] = [
  [/^@site\//, ['']],
  [/^@theme\//, ['src/theme/']],
  [/^[@~]\//, ['src/', '']],
  [/^\//, ['']],
  [/^(?=\w)/, ['src/', '']],
];

/** The project’s file that an import means; null for a package. */
export function resolveImport(
  files: readonly SourceFile[],
  { from, at }: { from: string; at: string },
): SourceFile | null {
  const known = byPath(files);
  for (const path of pathsFor(from, at)) {
    const bare = path.replace(/\.[cm]?js$/, '');
    for (const one of [path, bare, `${path}/index`])
      for (const ending of endings) {
        const found = known.get(one + ending);
        if (found !== undefined) return found;
      }
  }
  return null;
}

const lists = new WeakMap<readonly SourceFile[], ReadonlyMap<string, SourceFile>>();

function byPath(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile> {
  const known = lists.get(files) ?? new Map(files.map((file) => [file.path, file]));
  lists.set(files, known);
  return known;
}

function pathsFor(from: string, at: string): string[] {
  if (from.startsWith('.')) return [joinPath(at.split('/').slice(0, -1), from)];
  const alias = aliases.find(([prefix]) => prefix.test(from));
  return (alias?.[1] ?? []).map((folder) => folder + from.replace(alias?.[0] ?? '', ''));
}

function joinPath(folder: readonly string[], path: string): string {
  const parts = [...folder];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
