import type { SourceFile } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';

/**
 * The text with an expression in place of the origin of a URL, and that origin as its fallback; null where the URL is
 * not written in one piece.
 */
export function replaceLiteral({
  file,
  text,
  start,
  url,
  expression,
}: {
  file: SourceFile;
  /** The current text of the file; it may differ from `file.text` after this place. */
  text: string;
  /** The offset of the quote before the URL. */
  start: number;
  url: string;
  expression: string;
}): string | null {
  const { origin } = new URL(url);
  const from = start + 1;
  if (!text.startsWith(origin, from)) return null;
  const after = from + origin.length;
  const { node, parent } = stringAt(file, start);
  if (node === null) return null;
  const withFallback = (quote: string): string => `${expression} || ${quote}${origin}${quote}`;
  if (node.type === 'TemplateElement' || node.type === 'TemplateLiteral')
    return `${text.slice(0, from)}\${${withFallback("'")}}${text.slice(after)}`;
  // Another URL in the same string was replaced before.
  if (text.slice(node.start, node.end) !== file.text.slice(node.start, node.end)) return null;
  const quote = text[node.start] ?? "'";
  const isWholeString = node.start === start;
  const before = isWholeString ? '' : `${text.slice(node.start, from)}${quote} + `;
  // A trailing slash alone is no path.
  const path = text.slice(after, node.end - 1).replace(/^\/$/, '');
  const appended = path === '' ? '' : ` + ${quote}${path}${quote}`;
  const code = `${before}(${withFallback(isWholeString ? quote : otherQuote(quote))})${appended}`;
  const isAttribute = parent?.type === 'JSXAttribute';
  return text.slice(0, node.start) + (isAttribute ? `{${code}}` : code) + text.slice(node.end);
}

const otherQuote = (quote: string): string => (quote === '"' ? "'" : '"');

/** The innermost string that begins at, or contains, an offset. */
function stringAt({ nodes }: SourceFile, offset: number): { node: Node | null; parent: Node | undefined } {
  const match = nodes.findLast(({ node }) => {
    if (node.type === 'TemplateLiteral') return node.start === offset;
    const isString =
      node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string');
    return isString && node.start <= offset && offset < node.end;
  });
  return match ?? { node: null, parent: undefined };
}
