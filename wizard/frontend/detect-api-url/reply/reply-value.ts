import { anyElement } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import type { CallContext, Tracer } from '../trace/reference.ts';

/** What a value of the code is a part of: a reply, its text, or a field of its JSON. */
export type ReplyPart =
  | { type: 'response' }
  /** Of axios: the JSON is under `data`. */
  | { type: 'axios-response' }
  /** Of XMLHttpRequest: its text is under `responseText`. */
  | { type: 'xhr' }
  | { type: 'bytes' | 'server-event' }
  /** A stream, its reader, or what one read of it gives. */
  | { type: 'body' | 'reader' | 'chunk'; holds: 'bytes' | 'text' | 'events' }
  /** `isStreamed`: a piece of a stream, not the whole text. */
  | { type: 'text'; isStreamed: boolean }
  | { type: 'json'; isStreamed: boolean; path: readonly string[] }
  /** A function that returns a part of the reply, under `inside` in what it returns. */
  | { type: 'function'; returned: { part: ReplyPart; inside: readonly string[] } };

/** An expression that holds a part of the reply: itself, or under `inside` in an object or a list of the code. */
export type ReplyValue = { file: SourceFile; node: Node; inside: readonly string[]; part: ReplyPart };

/** What the code does with a part of the reply. */
export type ReplyUse = {
  part: ReplyPart;
  /**
   * `field`: a field is read; `text`: shown or made into a string; `list`: gone through; `tag`: compared with a literal;
   * `escape`: passed to code that is not visible.
   */
  kind: 'field' | 'text' | 'list' | 'tag' | 'escape';
  /** The literal of a tag. */
  literal?: string;
  file: SourceFile;
  node: Node;
};

/** One search for what becomes of a reply. */
export type ReplyFlow = {
  tracer: Tracer;
  /** The calls in which the request is sent. */
  context: CallContext;
  follow(value: ReplyValue): void;
  record(use: ReplyUse): void;
};

/** The same value at another node. */
export const movedTo = (value: ReplyValue, node: Node, inside = value.inside): ReplyValue => ({
  ...value,
  node,
  inside,
});

/** Bytes that are used as a string have been decoded on their way: `body.pipeThrough(new TextDecoderStream())`. */
export const decoded = (value: ReplyValue): ReplyValue =>
  value.part.type === 'bytes' ? { ...value, part: { type: 'text', isStreamed: true } } : value;

/** A value that is a part of its own, not inside an object of the code. */
export const isWhole = ({ inside }: ReplyValue): boolean => inside.length === 0;

/** What the member of a value is, at the node that reads it; null where it is no part of the reply. */
export function memberOf(value: ReplyValue, name: string, node: Node): ReplyValue | null {
  const [first, ...rest] = value.inside;
  if (first !== undefined) {
    const isSame = first === name || first === anyElement || name === anyElement;
    return isSame ? movedTo(value, node, rest) : null;
  }
  const part = memberOfPart(value.part, name);
  return part === null ? null : { ...value, node, part };
}

function memberOfPart(part: ReplyPart, name: string): ReplyPart | null {
  switch (part.type) {
    case 'json':
      if (name === 'length' || part.path.length >= maxPath) return null;
      return { ...part, path: [...part.path, elementName(name)] };
    case 'response':
      return name === 'body' ? { type: 'body', holds: 'bytes' } : null;
    case 'axios-response':
      return name === 'data' ? { type: 'json', isStreamed: false, path: [] } : null;
    case 'xhr':
      if (name === 'responseText') return { type: 'text', isStreamed: false };
      return name === 'response' ? { type: 'text', isStreamed: false } : null;
    case 'chunk':
      return name === 'value' ? chunkOf(part.holds) : null;
    case 'body':
      return name === anyElement ? chunkOf(part.holds) : null;
    case 'server-event':
      return name === 'data' ? { type: 'text', isStreamed: true } : null;
    default:
      return name === anyElement ? part : null;
  }
}

function chunkOf(holds: 'bytes' | 'text' | 'events'): ReplyPart {
  if (holds === 'text') return { type: 'text', isStreamed: true };
  return { type: holds === 'bytes' ? 'bytes' : 'server-event' };
}

/** `node = node.next` would go on for ever. */
const maxPath = 6;

const elementName = (name: string): string => (/^\d+$/.test(name) ? anyElement : name);

/** An element of a value that is a list. */
export const elementOf = (value: ReplyValue, node: Node): ReplyValue | null =>
  memberOf(value, anyElement, node);
