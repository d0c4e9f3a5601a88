import { siteConfigNames } from '../../../indexer/docusaurus/site-config-names.ts';
import { propertyKey } from '../../../javascript/names.ts';
import { parseScript } from '../../../javascript/parse.ts';
import type { SourceTexts } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { walk } from '../../../javascript/walk.ts';

/** Whether it is Docusaurus's own configuration. */
export const isSiteConfig = (path: string): boolean => siteConfigNames.includes(path);

/** The configuration that Docusaurus reads, also beside others. */
export function siteConfig(files: SourceTexts): { path: string; text: string } | null {
  const path = siteConfigNames.find((name) => files.has(name));
  return path === undefined ? null : { path, text: files.get(path) ?? '' };
}

/**
 * The text of a configuration with one more entry at the beginning of a list; the same text where it has a literal `mark`,
 * and null when there is no place for it.
 */
export function addListEntry(
  text: string,
  { list, entry, mark }: { list: string; entry: string; mark: string },
): string | null {
  const program = parse(text);
  if (program === null) return null;
  const nodes = walk(program).map(({ node }) => node);
  if (nodes.some((node) => node.type === 'Literal' && node.value === mark)) return text;
  const config = nodes.find(isConfigObject);
  if (config?.type !== 'ObjectExpression') return null;
  const existing = config.properties.find(
    (property) => property.type === 'Property' && propertyKey(property) === list,
  );
  if (existing?.type !== 'Property') {
    const inside = config.start + 1;
    return `${text.slice(0, inside)}\n${indentAfter(text, inside)}${list}: [${entry}],${text.slice(inside)}`;
  }
  const { value } = existing;
  if (value.type !== 'ArrayExpression') {
    const longer = `${list}: [${entry}, ...(${text.slice(value.start, value.end)})]`;
    return text.slice(0, existing.start) + longer + text.slice(existing.end);
  }
  const inside = value.start + 1;
  const isEmpty = text.slice(inside, value.end - 1).trim() === '';
  const isMultiline = /^\s*\n/.test(text.slice(inside));
  const inline = isEmpty ? entry : `${entry}, `;
  const first = isMultiline ? `\n${indentAfter(text, inside)}${entry},` : inline;
  return text.slice(0, inside) + first + text.slice(inside);
}

/** The expression of the site's `baseUrl` as it is written, and its value where it is a literal; null without one. */
export function baseUrlIn(text: string): { expression: string; value: string | null } | null {
  const program = parse(text);
  const config =
    program === null
      ? undefined
      : walk(program)
          .map(({ node }) => node)
          .find(isConfigObject);
  if (config?.type !== 'ObjectExpression') return null;
  const property = config.properties.find(
    (each) => each.type === 'Property' && propertyKey(each) === 'baseUrl',
  );
  if (property?.type !== 'Property') return null;
  const { value } = property;
  const isText = value.type === 'Literal' && typeof value.value === 'string';
  return {
    expression: text.slice(value.start, value.end),
    value: isText ? String(value.value) : null,
  };
}

const parse = (text: string) => parseScript(text) ?? parseScript(text, { isTyped: true });

/** Every Docusaurus configuration has a `baseUrl`, at its top level. */
function isConfigObject(node: Node): boolean {
  return (
    node.type === 'ObjectExpression' &&
    node.properties.some((property) => property.type === 'Property' && propertyKey(property) === 'baseUrl')
  );
}

/** The indentation of the next line that is not empty. */
function indentAfter(text: string, offset: number): string {
  return /^[^\n]*\n([ \t]*)(?=\S)/.exec(text.slice(offset))?.[1] ?? '  ';
}
