import { dotted } from './trace/exports.ts';
import { textsOf, type Pieces } from './trace/pieces.ts';
import { refOf, type Trace } from './trace/ref.ts';
import { placeAt, type SourceFile } from './trace/source.ts';
import { walk, type Node } from './trace/syntax.ts';
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
  const start = new RegExp(String.raw`${objects}(?:\.${group}|\[['"]${group}['"]\])\s*=(?!=)\s*`);
  const key = field === undefined ? null : new RegExp(String.raw`\b${field}['"]?\s*:\s*`);
  let isIn = false;
  let isAtValue = false;
  for (const piece of pieces) {
    if (piece.type === 'end') {
      if (isAtValue) return valueIn([piece]);
      if (isIn && field !== undefined) {
        const below = valueAt(trace, { ...piece.ref, path: [{ name: field, node: piece.ref.node }] });
        if (below !== null) return below;
      }
      continue;
    }
    let rest = piece.text;
    let from = 0;
    if (isAtValue && from === 0 && valueIn([piece]) !== null) return valueIn([piece]);
    const begin = start.exec(rest);
    if (begin !== null) {
      isIn = true;
      from = begin.index + begin[0].length;
      rest = piece.text.slice(from);
    }
    if (!isIn) continue;
    const at = key?.exec(rest);
    if (at != null) from += at.index + at[0].length;
    isAtValue = key === null ? begin !== null || isAtValue : at != null || isAtValue;
    const written = isAtValue ? writtenAt(piece, from) : null;
    if (written !== null) return written;
    if (rest.includes(';')) isIn = isAtValue && !/;/.test(piece.text.slice(from));
  }
  return null;
}

/** An address within a longer text, in quotes of its own. */
function writtenAt(
  { node, file, text }: Extract<Pieces[number], { type: 'text' }>,
  from: number,
): Definition | null {
  const found = /^['"`]?(https?:\/\/[^\s'"`;$]+)/.exec(text.slice(from));
  if (found === null) return null;
  const [, address = ''] = found;
  const start = file.text.indexOf(address, node.start) - 1;
  return { type: 'address', address, place: placeAt(file, start), file, start };
}

export type { Node };
