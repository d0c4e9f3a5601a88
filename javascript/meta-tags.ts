import { Parser as HtmlParser } from 'htmlparser2';
import { calleeName } from './names.ts';
import type { Node } from './syntax-tree.ts';

/** `api-url` of `document.querySelector('meta[name="api-url"]')`; null for any other call. */
export function queriedMetaName(node: Node): string | null {
  if (node.type !== 'CallExpression' || calleeName(node.callee) !== 'querySelector') return null;
  const [selector] = node.arguments;
  const text = selector?.type === 'Literal' ? selector.value : null;
  return typeof text === 'string' ? (/^meta\[name=(["']?)([\w:.-]+)\1\]$/.exec(text)?.[2] ?? null) : null;
}

/** The contents of the `<meta name="…" content="…">` of a page, by name. */
export function metaContents(html: string): Map<string, string> {
  const contents = new Map<string, string>();
  const parser = new HtmlParser({
    onopentag: (tag, { name, content }) => {
      if (tag === 'meta' && name !== undefined && content !== undefined && !contents.has(name))
        contents.set(name, content);
    },
  });
  parser.end(html);
  return contents;
}
