import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'rolldown/utils';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** One TypeScript file: its path from the root, its text, its syntax tree and its comments. */
export type SourceFile = { path: string; text: string; tree: SyntaxNode; comments: readonly Comment[] };

export type Comment = { value: string; start: number; end: number };

/** A node of the ESTree with its place in the text. */
export type SyntaxNode = { type: string; start: number; end: number } & Record<string, unknown>;

/** Throws a SyntaxError where `text` is not TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);
  return { path, text, tree: program as unknown as SyntaxNode, comments };
}

/** The line, from 1, of a place in the file's text. */
export function lineOf({ text }: Pick<SourceFile, 'text'>, { start }: { start: number }): number {
  return text.slice(0, start).split('\n').length;
}

/** Paths from the root of the files below `folder` that end in one of `extensions`; sample books and sites are no code. */
export function pathsUnder(folder: string, extensions: readonly string[]): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !/^(?:sandbox\/(?:book|sites)|test\/fixtures)\//.test(path))
    .sort();
}

/** The parsed files of these folders; `isWorth` leaves files out by their text: parsing takes most of the time. */
export function readFiles(
  folders: readonly string[],
  extensions: readonly string[] = ['.ts', '.tsx'],
  isWorth: (text: string) => boolean = () => true,
): SourceFile[] {
  return folders
    .flatMap((folder) => pathsUnder(folder, extensions))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => isWorth(text))
    .map(({ path, text }) => parseSource(path, text));
}

/** Calls `visit` for `node` and everything below it, parents first; `parents` are the nodes around it, nearest last. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => void,
  parents: SyntaxNode[] = [],
): void {
  visit(node, parents);
  parents.push(node);
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const child of value) if (isNode(child)) walk(child, visit, parents);
    } else if (isNode(value)) walk(value, visit, parents);
  }
  parents.pop();
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}
