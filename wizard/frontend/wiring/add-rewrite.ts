import * as z from 'zod';
import { propertyKey } from '../../../javascript/names.ts';
import { parseScript } from '../../../javascript/parse.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';

/** The file that holds a project's rewrites. */
export const rewritesFile = 'vercel.json';

/** Stands for the Space's URL in a change that is shown before the Space exists. */
export const PLACEHOLDER_URL = 'https://ADDRESS-OF-THE-SPACE';

/** Vercel accepts no `rewrites` beside the older `routes`. The file is plain JSON: no comments. */
const schema = z.looseObject({
  rewrites: z.array(z.looseObject({ source: z.string(), destination: z.string() })).optional(),
  routes: z.array(z.looseObject({ src: z.string().optional(), dest: z.string().optional() })).optional(),
});

function parseVercelJson(text: string | undefined): z.infer<typeof schema> | null {
  try {
    // Windows editors put a byte order mark first, which is not JSON.
    return schema.parse(JSON.parse((text ?? '{}').replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
}

/**
 * The text of vercel.json with one rule for each path, which forwards it to the server: before every other rule, and in
 * place of older ones for the same path. What else is forwarded stays as it is, and the rest keeps its formatting.
 * `text` is undefined where there is no such file; null when it is not JSON.
 */
export function addRewrite(
  text: string | undefined,
  { api, paths }: { api: string; paths: readonly string[] },
): string | null {
  const settings = parseVercelJson(text);
  if (settings === null) return null;
  const hasRoutes = settings.routes !== undefined;
  const rules = paths.map((path) => (hasRoutes ? routeFor(api, path) : rewriteFor(api, path)));
  const key = hasRoutes ? 'routes' : 'rewrites';
  const current: readonly unknown[] = settings[key] ?? [];
  const isThere = rules.every((rule, index) => JSON.stringify(rule) === JSON.stringify(current[index]));
  if (text !== undefined && isThere) return text;
  if (text === undefined) return `${JSON.stringify({ [key]: rules }, null, 2)}\n`;
  return insertRules(text, { key, rules, api });
}

type Rule = Record<string, string>;

/** A path that ends in a slash takes an id: that of a conversation. */
function rewriteFor(api: string, path: string): Rule {
  const source = path.endsWith('/') ? `${path}:id` : path;
  return { source, destination: `${api}${source}` };
}

function routeFor(api: string, path: string): Rule {
  const isOpen = path.endsWith('/');
  const pattern = path.replaceAll(/[.+*?()[\]{}|^$]/g, String.raw`\$&`);
  return { src: `^${pattern}${isOpen ? '([^/]+)' : ''}$`, dest: `${api}${path}${isOpen ? '$1' : ''}` };
}

function insertRules(
  text: string,
  { key, rules, api }: { key: string; rules: readonly Rule[]; api: string },
): string | null {
  // JSON is a JavaScript expression in parentheses; offsets are then one more than those of the file.
  const program = parseScript(`(${text})`, { repairs: 0 });
  const statement = program?.body[0];
  if (statement?.type !== 'ExpressionStatement' || statement.expression.type !== 'ObjectExpression')
    return null;
  const { properties, start } = statement.expression;
  const list = properties.find((property) => property.type === 'Property' && propertyKey(property) === key);
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const entries = rules.map((rule) => {
    const lines = JSON.stringify(rule, null, indent).replaceAll('\n', `\n${indent.repeat(2)}`);
    return `\n${indent.repeat(2)}${lines}`;
  });
  const entry = entries.join(',');
  if (list?.type === 'Property' && list.value.type === 'ArrayExpression') {
    const isReplaced = (element: Node): boolean => replaces(rules, { rule: ruleOf(element), api });
    return insertFirst(text, { list: list.value, entry, indent, isReplaced });
  }
  const ending = properties.length === 0 ? '\n' : ',';
  return insertAt(text, start, `\n${indent}"${key}": [${entry}\n${indent}]${ending}`);
}

/** Puts entries first in a list, without the rules that they replace. */
function insertFirst(
  text: string,
  {
    list: { elements, start },
    entry,
    indent,
    isReplaced,
  }: {
    list: Extract<Node, { type: 'ArrayExpression' }>;
    entry: string;
    indent: string;
    isReplaced: (element: Node) => boolean;
  },
): string {
  const replaced = elements.filter((element) => element !== null && isReplaced(element));
  const without = replaced.reduceRight(
    (current, element) => (element === null ? current : removeElement(current, element)),
    text,
  );
  const isOnOwnLine = /^\s*\n/.test(text.slice(start));
  const isOnly = replaced.length === elements.length;
  const onOwnLine = isOnly ? '' : ',';
  const inline = isOnly ? `\n${indent}` : `,\n${indent.repeat(2)}`;
  return insertAt(without, start, entry + (isOnOwnLine ? onOwnLine : inline));
}

/** After the character whose offset in the parsed text is `start + 1`: the bracket of an object or a list. */
function insertAt(text: string, start: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(start);
}

type RewriteRule = { source: string; destination: string };

/** An older rule for the same path, or one that forwards all of `/api` to the same server. */
function replaces(rules: readonly Rule[], { rule, api }: { rule: RewriteRule; api: string }): boolean {
  const { source, destination } = rule;
  if (
    rules.some(
      (own) => (own['source'] ?? own['src']) === source || own['source'] === source.replace(/^\^|\$$/g, ''),
    )
  )
    return true;
  return /^\^?\/api\/(?::path\*|\(\.\*\))$/.test(source) && destination.startsWith(`${api}/`);
}

function ruleOf(node: Node): RewriteRule {
  const textOf = (keys: readonly string[]): string => {
    if (node.type !== 'ObjectExpression') return '';
    const property = node.properties.find(
      (entry) => entry.type === 'Property' && keys.includes(propertyKey(entry) ?? ''),
    );
    return property?.type === 'Property' && property.value.type === 'Literal'
      ? String(property.value.value)
      : '';
  };
  return { source: textOf(['source', 'src']), destination: textOf(['destination', 'dest']) };
}

/** With the comma on one of its sides, and the white space before it. */
function removeElement(text: string, { start, end }: Node): string {
  const before = text.slice(0, start - 1);
  const after = text.slice(end - 1);
  const comma = /^\s*,/.exec(after);
  if (comma !== null) return before.trimEnd() + after.slice(comma[0].length);
  return before.replace(/,?\s*$/, '') + after;
}
