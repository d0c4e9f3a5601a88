import { z } from 'zod';
import { propertyKey, parseScript, type Node } from '../../../javascript/parse.ts';

export const rewritesFile = 'vercel.json';

/** Stands for the Space's address in a change that is shown before there is one. */
export const PLACEHOLDER_URL = 'https://ADDRESS-OF-THE-SPACE';

/** `rewrites`, and the older `routes`, beside which Vercel takes no rewrites. Comments are allowed by nobody. */
const schema = z.looseObject({
  rewrites: z.array(z.looseObject({ source: z.string(), destination: z.string() })).optional(),
  routes: z.array(z.looseObject({ src: z.string().optional(), dest: z.string().optional() })).optional(),
});

type RewriteRule = { source: string; destination: string };

/** A rule that hands `/api` on to another host, and a catch-all before it that would take its calls. */
export type ApiRewrite = RewriteRule & { isShadowed: boolean };

export function apiRewriteIn(text: string | undefined): ApiRewrite | null {
  const rules = rulesIn(text) ?? [];
  const at = rules.findIndex(isApiRule);
  const found = rules[at];
  return found === undefined ? null : { ...found, isShadowed: rules.slice(0, at).some(isCatchAll) };
}

const isApiRule = ({ source, destination }: RewriteRule): boolean =>
  /^\^?\/api\b/.test(source) && /^https?:/.test(destination);

/** The rules; null when the file is there and is no JSON of that form. */
function rulesIn(text: string | undefined): readonly RewriteRule[] | null {
  const settings = parseVercelJson(text);
  if (settings === null) return null;
  const routes = settings.routes?.map(({ src = '', dest = '' }) => ({ source: src, destination: dest }));
  return routes ?? settings.rewrites?.map(({ source, destination }) => ({ source, destination })) ?? [];
}

function parseVercelJson(text: string | undefined): z.infer<typeof schema> | null {
  try {
    return schema.parse(JSON.parse(withoutBom(text ?? '{}')));
  } catch {
    return null;
  }
}

/** Editors of Windows put a mark before the text, which is no JSON. */
const withoutBom = (text: string): string => text.replace(/^\uFEFF/, '');

/** `/(.*)`, `/:path*` and the like: it takes every path that no file answers. */
function isCatchAll({ source }: { source: string }): boolean {
  return /^\^?\/(?:\(\.\*\)|\.\*|:\w+\*?(?:\(\.\*\))?|\(\?!.*|\(\(\?!.*)\/?\$?$/.test(source);
}

/**
 * The file with a rule that hands `/api` on to the server, before every other one and in place of an older one; the
 * rest stays as it is written. Null when it is no JSON.
 */
export function addRewrite(text: string | undefined, api: string): string | null {
  const settings = parseVercelJson(text);
  if (settings === null) return null;
  const isOlder = settings.routes !== undefined;
  const rule = isOlder
    ? { src: '/api/(.*)', dest: `${api}/api/$1` }
    : { source: '/api/:path*', destination: `${api}/api/:path*` };
  const key = isOlder ? 'routes' : 'rewrites';
  if (text === undefined) return `${JSON.stringify({ [key]: [rule] }, null, 2)}\n`;
  return insertRule(text, { key, rule }) ?? null;
}

/** Puts the rule into the text, first in its list, and takes out those that it takes the place of. */
function insertRule(
  text: string,
  { key, rule }: { key: string; rule: Record<string, string> },
): string | null {
  // As an expression, a bracket before it.
  const program = parseScript(`(${text})`, { repairs: 0 });
  const root = program?.body[0];
  if (root?.type !== 'ExpressionStatement' || root.expression.type !== 'ObjectExpression') return null;
  const object = root.expression;
  const list = object.properties.find((one) => one.type === 'Property' && propertyKey(one) === key);
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const said = JSON.stringify(rule, null, indent).replaceAll('\n', `\n${indent.repeat(2)}`);
  const first = `\n${indent.repeat(2)}${said}`;
  if (list?.type !== 'Property' || list.value.type !== 'ArrayExpression') {
    const isEmpty = object.properties.length === 0;
    const rest = isEmpty ? '\n' : '';
    return insertBefore(
      text,
      object.start,
      `\n${indent}"${key}": [${first}\n${indent}]${isEmpty ? '' : ','}${rest}`,
    );
  }
  const { elements, start } = list.value;
  const old = elements.filter((one) => one !== null && isApiRule(ruleOf(one)));
  const left = elements.length - old.length;
  const without = old
    .toReversed()
    .reduce((now, one) => (one === null ? now : withoutElement(now, one)), text);
  const isLine = /^\s*\n/.test(text.slice(start));
  return insertBefore(
    without,
    start,
    `${first}${left === 0 ? (isLine ? '' : `\n${indent}`) : isLine ? ',' : `,\n${indent.repeat(2)}`}`,
  );
}

/** Offsets of the parsed text are one behind those of the file. */
function insertBefore(text: string, start: number, what: string): string {
  return text.slice(0, start) + what + text.slice(start);
}

function ruleOf(node: Node): RewriteRule {
  const said = (names: readonly string[]): string => {
    if (node.type !== 'ObjectExpression') return '';
    const found = node.properties.find(
      (one) => one.type === 'Property' && names.includes(propertyKey(one) ?? ''),
    );
    return found?.type === 'Property' && found.value.type === 'Literal' ? String(found.value.value) : '';
  };
  return { source: said(['source', 'src']), destination: said(['destination', 'dest']) };
}

/** With the comma on one of its sides, and the white space before it. */
function withoutElement(text: string, { start, end }: Node): string {
  const before = text.slice(0, start - 1);
  const after = text.slice(end - 1);
  const next = /^\s*,/.exec(after);
  if (next !== null) return before.trimEnd() + after.slice(next[0].length);
  return before.replace(/,?\s*$/, '') + after;
}
