import { inlineScripts } from './inline-scripts.ts';
import { mdxScript } from './mdx-script.ts';
import { parseBundle, parseScript } from './parse.ts';
import { scopesOf, type Scopes } from './scopes.ts';
import type { Node } from './syntax-tree.ts';
import { walk, type VisitedNode } from './walk.ts';

/** Texts of a project by path, with `/` in the paths. */
export type SourceTexts = ReadonlyMap<string, string>;

/** A parsed file. */
export type SourceFile = {
  path: string;
  text: string;
  program: Node;
  /** Every node of the program, in the order of the text. */
  nodes: readonly VisitedNode[];
  scopes: Scopes;
};

/** A line of the user's own code. `line` is 1-based; `text` is trimmed. */
export type SourceLocation = { file: string; line: number; text: string };

/**
 * Parses a script, the scripts of an `.html` page or those of an `.mdx` or `.md` page; null when there is no script in it.
 * Offsets are those of the text. `isBundle` is for the output of a bundler, where the path says nothing.
 */
export function parseSourceFile(path: string, text: string, { isBundle = false } = {}): SourceFile | null {
  const program = isBundle ? parseBundle(text) : parseByExtension(path, text);
  if (program === null) return null;
  const nodes = walk(program);
  return { path, text, program, nodes, scopes: scopesOf(program, nodes) };
}

/** Whether a script parses without a repair. */
export function parsesCompletely(path: string, text: string): boolean {
  return parseScript(text, { isTyped: isTypeScript(path), repairs: 0 }) !== null;
}

function parseByExtension(path: string, text: string): Node | null {
  if (path.endsWith('.html')) return parseScript(inlineScripts(text));
  if (/\.mdx?$/.test(path)) return parseScript(mdxScript(text));
  return parseScript(text, { isTyped: isTypeScript(path) });
}

const isTypeScript = (path: string): boolean => /\.[cm]?ts$/.test(path);

/** The line at an offset of a file. */
export function locationAt(file: SourceFile, offset: number): SourceLocation {
  const line = file.text.slice(0, offset).split('\n').length;
  return { file: file.path, line, text: (file.text.split('\n')[line - 1] ?? '').trim().slice(0, 200) };
}
