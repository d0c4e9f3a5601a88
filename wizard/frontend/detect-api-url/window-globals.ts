import { dottedName } from './trace/exports.ts';
import { possibleStrings, type StringParts } from './trace/string-parts.ts';
import { referenceTo, type Tracer } from './trace/reference.ts';
import { locationAt, type SourceFile } from '../../../javascript/source-file.ts';
import { walk } from '../../../javascript/parse.ts';
import { bestDefinition, definitionAt, definitionOfParts, type UrlDefinition } from './url-definition.ts';

/** A head script, an injected tag or a file of the site’s own that sets `window.NAME` or `window.GROUP.NAME`. */
export function globalDefinition(trace: Tracer, name: string): UrlDefinition {
  const found = trace.files.flatMap((file) =>
    file.isConfig ? assignedInTags(trace, file, name) : assignedInScript(trace, file, name),
  );
  return bestDefinition(found) ?? { type: 'nothing' };
}

const globalObjects = String.raw`(?:window|globalThis|self)`;

function assignedInScript(trace: Tracer, file: SourceFile, name: string): (UrlDefinition | null)[] {
  const [group = '', field] = name.split('.');
  const found: (UrlDefinition | null)[] = [];
  walk(file.program, (node) => {
    if (node.type !== 'AssignmentExpression') return;
    const target = dottedName(node.left).replace(new RegExp(`^${globalObjects}\\.`), '');
    if (target === dottedName(node.left) || (target !== name && target !== group)) return;
    const path = target === name || field === undefined ? [] : [{ name: field, node }];
    const value = definitionAt(trace, referenceTo(file, node.right, path));
    found.push(filledAfterBuild(trace, file) ?? value);
  });
  return found;
}

/** A plugin that rewrites the file once the site is built: `withStaticFile`. */
function filledAfterBuild(trace: Tracer, file: SourceFile): UrlDefinition | null {
  const name = file.path.replace(/^static\//, '');
  const plugin = trace.files.find(
    ({ isConfig, text }) => isConfig && text.includes('postBuild') && text.includes(`'${name}'`),
  );
  if (plugin === undefined) return null;
  const values: (UrlDefinition | null)[] = [];
  walk(plugin.program, (node) => {
    if (node.type === 'MemberExpression') values.push(definitionAt(trace, referenceTo(plugin, node)));
  });
  return bestDefinition(values);
}

/** The text of a script among the site’s settings, with holes where its values come in. */
function assignedInTags(trace: Tracer, file: SourceFile, name: string): (UrlDefinition | null)[] {
  const found: (UrlDefinition | null)[] = [];
  walk(file.program, (node) => {
    const isText =
      node.type === 'TemplateLiteral' ||
      (node.type === 'BinaryExpression' && node.operator === '+') ||
      (node.type === 'Literal' && typeof node.value === 'string');
    const isPart = isText && file.scopes.parentOf(node)?.type === 'BinaryExpression';
    if (!isText || isPart || !new RegExp(globalObjects).test(file.text.slice(node.start, node.end))) return;
    for (const one of possibleStrings(trace, referenceTo(file, node)))
      found.push(definitionAfterName(trace, one, name));
  });
  return found;
}

/** What follows `window.NAME =` in a text, or `NAME:` after `window.GROUP =`. */
function definitionAfterName(trace: Tracer, pieces: StringParts, name: string): UrlDefinition | null {
  const [group = '', field] = name.split('.');
  // A hole is written as its number between two marks that no script holds.
  const texts = pieces.map((one, at) => (one.type === 'text' ? one.text : `\0${at}\0`));
  const whole = texts.join('');
  const start = new RegExp(String.raw`${globalObjects}(?:\.${group}|\[['"]${group}['"]\])\s*=(?!=)\s*`).exec(
    whole,
  );
  if (start === null) return null;
  let from = start.index + start[0].length;
  const hole = placeholderAt(pieces, whole.slice(from));
  if (field !== undefined) {
    if (hole?.type === 'end')
      return definitionAt(trace, { ...hole.ref, path: [{ name: field, node: hole.ref.node }] });
    const key = new RegExp(String.raw`^[^;]*?\b${field}['"]?\s*:\s*`).exec(whole.slice(from));
    if (key === null) return null;
    from += key[0].length;
  }
  const filled = placeholderAt(pieces, whole.slice(from));
  return filled === null ? urlWrittenAt(pieces, texts, from) : definitionOfParts([filled]);
}

function placeholderAt(pieces: StringParts, rest: string): StringParts[number] | null {
  // oxlint-disable-next-line no-control-regex -- the mark of a hole
  const at = /^['"`]?\0(\d+)\0/.exec(rest)?.[1];
  return at === undefined ? null : (pieces[Number(at)] ?? null);
}

/** An address that begins there: a text of its own, or within a longer one, in quotes of its own. */
function urlWrittenAt(pieces: StringParts, texts: readonly string[], from: number): UrlDefinition | null {
  // oxlint-disable-next-line no-control-regex -- the mark of a hole
  const found = /^(['"`]?)(https?:\/\/[^\s'"`;$\0]+)/.exec(texts.join('').slice(from));
  if (found === null) return null;
  const [, quote = '', address = ''] = found;
  let at = from + quote.length;
  const index = texts.findIndex((one) => {
    if (at < one.length) return true;
    at -= one.length;
    return false;
  });
  const piece = pieces[index];
  if (piece?.type !== 'text') return null;
  if (at === 0) return definitionOfParts([piece]);
  const { file, node } = piece;
  const start = file.text.indexOf(address, node.start) - 1;
  return { type: 'address', address, place: locationAt(file, start), file, start };
}
