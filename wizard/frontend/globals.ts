import { dotted } from './trace/exports.ts';
import { textsOf, type Pieces } from './trace/pieces.ts';
import { refOf, type Trace } from './trace/ref.ts';
import { placeAt, type SourceFile } from './trace/source.ts';
import { walk } from './trace/syntax.ts';
import { bestOf, valueAt, valueIn, type Definition } from './values.ts';

/** A head script, an injected tag or a file of the site’s own that sets `window.NAME` or `window.GROUP.NAME`. */
export function globalOf(trace: Trace, name: string): Definition {
  const found = trace.files.flatMap((file) =>
    file.isConfig ? inTags(trace, file, name) : inScript(trace, file, name),
  );
  return bestOf(found) ?? { type: 'nothing' };
}

const objects = String.raw`(?:window|globalThis|self)`;

function inScript(trace: Trace, file: SourceFile, name: string): (Definition | null)[] {
  const [group = '', field] = name.split('.');
  const found: (Definition | null)[] = [];
  walk(file.program, (node) => {
    if (node.type !== 'AssignmentExpression') return;
    const target = dotted(node.left).replace(new RegExp(`^${objects}\\.`), '');
    if (target === dotted(node.left) || (target !== name && target !== group)) return;
    const path = target === name || field === undefined ? [] : [{ name: field, node }];
    const value = valueAt(trace, refOf(file, node.right, path));
    found.push(filledLater(trace, file) ?? value);
  });
  return found;
}

/** A plugin that rewrites the file once the site is built: `withStaticFile`. */
function filledLater(trace: Trace, file: SourceFile): Definition | null {
  const name = file.path.replace(/^static\//, '');
  const plugin = trace.files.find(
    ({ isConfig, text }) => isConfig && text.includes('postBuild') && text.includes(`'${name}'`),
  );
  if (plugin === undefined) return null;
  const values: (Definition | null)[] = [];
  walk(plugin.program, (node) => {
    if (node.type === 'MemberExpression') values.push(valueAt(trace, refOf(plugin, node)));
  });
  return bestOf(values);
}

/** The text of a script among the site’s settings, with holes where its values come in. */
function inTags(trace: Trace, file: SourceFile, name: string): (Definition | null)[] {
  const found: (Definition | null)[] = [];
  walk(file.program, (node) => {
    const isText =
      node.type === 'TemplateLiteral' ||
      (node.type === 'BinaryExpression' && node.operator === '+') ||
      (node.type === 'Literal' && typeof node.value === 'string');
    const isPart = isText && file.scopes.parentOf(node)?.type === 'BinaryExpression';
    if (!isText || isPart || !new RegExp(objects).test(file.text.slice(node.start, node.end))) return;
    for (const one of textsOf(trace, refOf(file, node))) found.push(valueAfter(trace, one, name));
  });
  return found;
}

/** What follows `window.NAME =` in a text, or `NAME:` after `window.GROUP =`. */
function valueAfter(trace: Trace, pieces: Pieces, name: string): Definition | null {
  const [group = '', field] = name.split('.');
  // A hole is written as its number between two marks that no script holds.
  const texts = pieces.map((one, at) => (one.type === 'text' ? one.text : `\0${at}\0`));
  const whole = texts.join('');
  const start = new RegExp(String.raw`${objects}(?:\.${group}|\[['"]${group}['"]\])\s*=(?!=)\s*`).exec(whole);
  if (start === null) return null;
  let from = start.index + start[0].length;
  const hole = holeAt(pieces, whole.slice(from));
  if (field !== undefined) {
    if (hole?.type === 'end')
      return valueAt(trace, { ...hole.ref, path: [{ name: field, node: hole.ref.node }] });
    const key = new RegExp(String.raw`^[^;]*?\b${field}['"]?\s*:\s*`).exec(whole.slice(from));
    if (key === null) return null;
    from += key[0].length;
  }
  const filled = holeAt(pieces, whole.slice(from));
  return filled === null ? writtenAt(pieces, texts, from) : valueIn([filled]);
}

function holeAt(pieces: Pieces, rest: string): Pieces[number] | null {
  // oxlint-disable-next-line no-control-regex -- the mark of a hole
  const at = /^['"`]?\0(\d+)\0/.exec(rest)?.[1];
  return at === undefined ? null : (pieces[Number(at)] ?? null);
}

/** An address that begins there: a text of its own, or within a longer one, in quotes of its own. */
function writtenAt(pieces: Pieces, texts: readonly string[], from: number): Definition | null {
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
  if (at === 0) return valueIn([piece]);
  const { file, node } = piece;
  const start = file.text.indexOf(address, node.start) - 1;
  return { type: 'address', address, place: placeAt(file, start), file, start };
}
