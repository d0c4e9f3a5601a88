import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import type { StringParts } from '../trace/possible-strings.ts';
import type { Tracer } from '../trace/reference.ts';

type Place = { file: SourceFile; node: Node };

/** A call that sends a request. */
export type RequestCall = Place & {
  /** Where its path is written in the code; null where no text follows the address. */
  path: Place | null;
  /** The template or the sum that is its address, in whatever function; null where there is none, or several. */
  address: Place | null;
};

/** Where the first text after the beginning of a URL is written. */
export function pathPlace(url: StringParts): RequestCall['path'] {
  const [, ...rest] = url.filter((part) => part.type === 'unresolved' || part.text !== '');
  const text = rest.find((part) => part.type === 'text');
  return text?.type === 'text' ? { file: text.file, node: text.node } : null;
}

/** The template or the sum that the address of a call is made by. */
export function callAddress(tracer: Tracer, { file, node }: Place): Place | null {
  const [argument] = node.type === 'CallExpression' || node.type === 'NewExpression' ? node.arguments : [];
  const [value, ...others] = argument === undefined ? [] : tracer.traceNode(file, argument);
  const isMade = value?.node.type === 'TemplateLiteral' || value?.node.type === 'BinaryExpression';
  return value !== undefined && isMade && others.length === 0 ? value : null;
}
