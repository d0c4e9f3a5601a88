import { z } from 'zod';
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
 * The text of vercel.json with a rule that forwards `/api` to the server: before every other rule, and in place of an
 * older one. The rest keeps its formatting. `text` is undefined where there is no such file; null when it is not JSON.
 */
export function addRewrite(text: string | undefined, api: string): string | null {
  const settings = parseVercelJson(text);
  if (settings === null) return null;
  const hasRoutes = settings.routes !== undefined;
  const rule = hasRoutes
    ? { src: '/api/(.*)', dest: `${api}/api/$1` }
    : { source: '/api/:path*', destination: `${api}/api/:path*` };
  const key = hasRoutes ? 'routes' : 'rewrites';
  if (text === undefined) return `${JSON.stringify({ [key]: [rule] }, null, 2)}\n`;
  return insertRule(text, { key, rule });
}

function insertRule(
  text: string,
  { key, rule }: { key: string; rule: Record<string, string> },
): string | null {
  // JSON is a JavaScript expression in parentheses; offsets are then one more than those of the file.
  const program = parseScript(`(${text})`, { repairs: 0 });
  const statement = program?.body[0];
  if (statement?.type !== 'ExpressionStatement' || statement.expression.type !== 'ObjectExpression')
    return null;
  const { properties, start } = statement.expression;
  const list = properties.find((property) => property.type === 'Property' && propertyKey(property) === key);
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const lines = JSON.stringify(rule, null, indent).replaceAll('\n', `\n${indent.repeat(2)}`);
  const entry = `\n${indent.repeat(2)}${lines}`;
  if (list?.type === 'Property' && list.value.type === 'ArrayExpression')
    return insertFirst(text, { list: list.value, entry, indent });
  const ending = properties.length === 0 ? '\n' : ',';
  return insertAt(text, start, `\n${indent}"${key}": [${entry}\n${indent}]${ending}`);
}

/** Puts an entry first in a list, without the rules that it replaces. */
function insertFirst(
  text: string,
  {
    list: { elements, start },
    entry,
    indent,
  }: { list: Extract<Node, { type: 'ArrayExpression' }>; entry: string; indent: string },
): string {
  const replaced = elements.filter((element) => element !== null && isApiRule(ruleOf(element)));
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

const isApiRule = ({ source, destination }: RewriteRule): boolean =>
  /^\^?\/api\b/.test(source) && /^https?:/.test(destination);

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
