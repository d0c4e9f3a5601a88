import { walk, type Node } from '../../../javascript/parse.ts';
import type { SourceFile } from '../../../javascript/source-file.ts';

/**
 * Reads the variable in place of the origin of an address, with that origin as its fallback; null where the address is
 * not written there in one piece.
 */
export function replaceLiteral({
  file,
  text,
  start,
  address,
  read,
}: {
  file: SourceFile;
  /** Of the file by now: changed behind this place at the most. */
  text: string;
  /** Of the quote before the address. */
  start: number;
  address: string;
  read: string;
}): string | null {
  const { origin } = new URL(address);
  const from = start + 1;
  if (!text.startsWith(origin, from)) return null;
  const after = from + origin.length;
  const { node, parent } = literalAt(file, start);
  if (node === null) return null;
  const given = (quote: string): string => `${read} || ${quote}${origin}${quote}`;
  if (node.type === 'TemplateElement' || node.type === 'TemplateLiteral')
    return `${text.slice(0, from)}\${${given("'")}}${text.slice(after)}`;
  // Another address in the same string was replaced already.
  if (text.slice(node.start, node.end) !== file.text.slice(node.start, node.end)) return null;
  const quote = text[node.start] ?? "'";
  const isFirst = node.start === start;
  const before = isFirst ? '' : `${text.slice(node.start, from)}${quote} + `;
  // A bare slash at the end is no path.
  const rest = text.slice(after, node.end - 1).replace(/^\/$/, '');
  const next = rest === '' ? '' : ` + ${quote}${rest}${quote}`;
  const code = `${before}(${given(isFirst ? quote : otherQuote(quote))})${next}`;
  const isAttribute = parent?.type === 'JSXAttribute';
  return text.slice(0, node.start) + (isAttribute ? `{${code}}` : code) + text.slice(node.end);
}

const otherQuote = (quote: string): string => (quote === '"' ? "'" : '"');

/** The string that a quote begins, or that it stands in. */
function literalAt(
  { program, scopes }: SourceFile,
  at: number,
): { node: Node | null; parent: Node | undefined } {
  let found: Node | null = null;
  walk(program, (node) => {
    const isText =
      node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string');
    const isHere = node.start <= at && at < node.end;
    const begins = node.type === 'TemplateLiteral' && node.start === at;
    if (begins || (isText && isHere)) found = node;
  });
  return { node: found, parent: found === null ? undefined : scopes.parentOf(found) };
}
