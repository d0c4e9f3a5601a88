import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type Comment } from 'acorn';

/** From the first character to behind the last. */
export type Range = { start: number; end: number };

/** What a script's characters are: offsets into its text. */
export type Syntax = {
  comments: readonly Range[];
  /** Strings, texts of templates between their holes, and texts of JSX, quotes included. */
  texts: readonly Range[];
};

/** Null where the file is no script that can be parsed: Flow, say, or a page of Markdown. */
export function syntaxOf(path: string, text: string): Syntax | null {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return null;
  // `<T>value` is a cast in a .ts file, and an element in every other.
  const parser = Parser.extend(tsPlugin({ jsx: !/\.[cm]?ts$/.test(path) }));
  const comments: Comment[] = [];
  try {
    const options = { ecmaVersion: 'latest', sourceType: 'module', locations: true } as const;
    const program = parser.parse(text, {
      ...options,
      allowReturnOutsideFunction: true,
      allowHashBang: true,
      onComment: comments,
    });
    return { comments, texts: textsIn(program) };
  } catch {
    return null;
  }
}

/** A template's texts are counted with the quote, or brace, on either side. */
function textsIn(root: object): Range[] {
  const texts: Range[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (typeof node !== 'object' || node === null || !('type' in node)) return;
    const { type, start, end, value } = node as { type: unknown; value?: unknown } & Range;
    if (type === 'Literal' && typeof value === 'string') texts.push({ start, end });
    if (type === 'TemplateElement') texts.push({ start: start - 1, end: end + 1 });
    if (type === 'JSXText') texts.push({ start, end });
    for (const [key, child] of Object.entries(node))
      if (key !== 'loc' && typeof child === 'object') walk(child);
  };
  walk(root);
  return texts.toSorted((a, b) => a.start - b.start);
}
