import { callsOf } from './calls.ts';
import { dotted } from './exports.ts';
import { at, type Ref, type Trace } from './ref.ts';
import type { SourceFile } from './source.ts';
import type { Node } from './syntax.ts';

/** What a text is put together from: text that somebody wrote, and what no road leads to. */
export type Piece =
  | { type: 'text'; text: string; node: Node; file: SourceFile; isFallback: boolean }
  | { type: 'end'; ref: Ref };

/** One of the texts that an expression may be. */
export type Pieces = readonly Piece[];

const most = 48;
const mostCalls = 60;
const deepest = 4;

/**
 * The texts that an expression may be, whoever calls the function that it stands in: its parameters are taken from one
 * call at a time, so that no call's address meets another's path.
 */
export function textsOf(trace: Trace, ref: Ref): readonly Pieces[] {
  const onTheWay = new Set<Node>();
  let calls = 0;
  const settled = (one: Ref, depth: number): readonly Pieces[] => {
    trace.unbound.clear();
    const found = piecesOf({ trace, onTheWay }, one);
    const [open] = trace.unbound;
    if (open === undefined || depth >= deepest) return found;
    const callers = callsOf(trace).to(open);
    if (callers.length === 0) return found;
    return callers.flatMap((call) => {
      calls += 1;
      return calls > mostCalls
        ? []
        : [...settled({ ...one, frame: new Map([...one.frame, [open, call]]) }, depth + 1)];
    });
  };
  return settled(ref, 0).slice(0, mostCalls);
}

/** A text that is made of itself, `url = url + path`, is not put together twice. */
type Work = { trace: Trace; onTheWay: Set<Node> };

function piecesOf(work: Work, ref: Ref): readonly Pieces[] {
  return work
    .trace(ref)
    .flatMap((one) => {
      if (work.onTheWay.has(one.node)) return [];
      work.onTheWay.add(one.node);
      const found = endOf(work, one);
      work.onTheWay.delete(one.node);
      return [...found];
    })
    .slice(0, most);
}

function endOf(work: Work, ref: Ref): readonly Pieces[] {
  const { node, file, isFallback } = ref;
  const go = (next: Node): readonly Pieces[] => piecesOf(work, at(ref, next, []));
  const text = (value: string, of = node): Pieces => [
    { type: 'text', text: value, node: of, file, isFallback },
  ];
  if (ref.path.length > 0) return [[{ type: 'end', ref }]];
  switch (node.type) {
    case 'Literal':
      return [text(String(node.value))];
    case 'TemplateLiteral':
      return product(
        node.quasis.flatMap((one, index) => {
          const next = node.expressions[index];
          const own = [text(one.value.cooked ?? '', index === 0 ? node : one)];
          return next === undefined ? [own] : [own, go(next)];
        }),
      );
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return /^\+=?$/.test(node.operator)
        ? product([go(node.left), go(node.right)])
        : [[{ type: 'end', ref }]];
    case 'CallExpression':
    case 'NewExpression':
      return called(work.trace, ref, go);
    default:
      return [[{ type: 'end', ref }]];
  }
}

function called(trace: Trace, ref: Ref, go: (next: Node) => readonly Pieces[]): readonly Pieces[] {
  const { node } = ref;
  const end: readonly Pieces[] = [[{ type: 'end', ref }]];
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return end;
  const { callee } = node;
  const [first, second] = node.arguments;
  if (node.type === 'NewExpression') {
    if (!/^(?:URL|Request)$/.test(dotted(callee)) || first === undefined) return end;
    return second === undefined || dotted(callee) === 'Request'
      ? go(first)
      : product([go(second), go(first)]);
  }
  if (callee.type === 'MemberExpression' && 'name' in callee.property) {
    const { name } = callee.property;
    if (name === 'concat') return product([go(callee.object), ...node.arguments.map(go)]);
    if (name === 'join') return joined(trace, ref, callee.object, go);
  }
  // What a package makes of a text begins as that text does: it strips a slash, or encodes it.
  const passed = first === undefined ? end : go(first);
  return passed.some(([start]) => start?.type === 'text' || (start?.ref.path.length ?? 0) > 0) ? passed : end;
}

function joined(
  trace: Trace,
  ref: Ref,
  list: Node,
  go: (next: Node) => readonly Pieces[],
): readonly Pieces[] {
  const { node } = ref;
  if (node.type !== 'CallExpression') return [];
  const separator = node.arguments[0];
  return trace(at(ref, list, [])).flatMap((one) => {
    if (one.node.type !== 'ArrayExpression') return [[{ type: 'end', ref } as const]];
    const between = separator === undefined ? null : go(separator);
    const parts = one.node.elements.flatMap((element, index) => {
      if (element === null) return [];
      return index === 0 || between === null ? [go(element)] : [between, go(element)];
    });
    return [...product(parts)];
  });
}

/** Every way to put the parts together. */
function product(parts: readonly (readonly Pieces[])[]): readonly Pieces[] {
  return parts.reduce<readonly Pieces[]>(
    (before, part) => before.flatMap((one) => part.map((next) => [...one, ...next])).slice(0, most),
    [[]],
  );
}
