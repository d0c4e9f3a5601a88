import { callGraphOf } from './call-graph.ts';
import { dottedName } from './exports.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/parse.ts';

/** What a text is put together from: text that somebody wrote, and what no road leads to. */
export type StringPart =
  | { type: 'text'; text: string; node: Node; file: SourceFile; isFallback: boolean }
  | { type: 'end'; ref: Reference };

/** One of the texts that an expression may be. */
export type StringParts = readonly StringPart[];

const maxStrings = 48;
const maxCallers = 60;
const maxDepth = 4;

/**
 * The texts that an expression may be, whoever calls the function that it stands in: its parameters are taken from one
 * call at a time, so that no call's address meets another's path.
 */
export function possibleStrings(trace: Tracer, ref: Reference): readonly StringParts[] {
  const onTheWay = new Set<Node>();
  let calls = 0;
  const settled = (one: Reference, depth: number): readonly StringParts[] => {
    trace.unbound.clear();
    const found = stringsAt({ trace, visiting: onTheWay }, one);
    const [open] = trace.unbound;
    if (open === undefined || depth >= maxDepth) return found;
    const callers = callGraphOf(trace).callersOf(open);
    if (callers.length === 0) return found;
    return callers.flatMap((call) => {
      calls += 1;
      return calls > maxCallers
        ? []
        : [...settled({ ...one, context: new Map([...one.context, [open, call]]) }, depth + 1)];
    });
  };
  return settled(ref, 0).slice(0, maxCallers);
}

/** A text that is made of itself, `url = url + path`, is not put together twice. */
type PartsSearch = { trace: Tracer; visiting: Set<Node> };

function stringsAt(work: PartsSearch, ref: Reference): readonly StringParts[] {
  return work
    .trace(ref)
    .flatMap((one) => {
      if (work.visiting.has(one.node)) return [];
      work.visiting.add(one.node);
      const found = partsAt(work, one);
      work.visiting.delete(one.node);
      return [...found];
    })
    .slice(0, maxStrings);
}

function partsAt(work: PartsSearch, ref: Reference): readonly StringParts[] {
  const { node, file, isFallback } = ref;
  const go = (next: Node): readonly StringParts[] => stringsAt(work, withNode(ref, next, []));
  const text = (value: string, of = node): StringParts => [
    { type: 'text', text: value, node: of, file, isFallback },
  ];
  if (ref.path.length > 0) return [[{ type: 'end', ref }]];
  switch (node.type) {
    case 'Literal':
      return [text(String(node.value))];
    case 'TemplateLiteral':
      return combinations(
        node.quasis.flatMap((one, index) => {
          const next = node.expressions[index];
          const own = [text(one.value.cooked ?? '', index === 0 ? node : one)];
          return next === undefined ? [own] : [own, go(next)];
        }),
      );
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return /^\+=?$/.test(node.operator)
        ? combinations([go(node.left), go(node.right)])
        : [[{ type: 'end', ref }]];
    case 'CallExpression':
    case 'NewExpression':
      return callStrings(work.trace, ref, go);
    default:
      return [[{ type: 'end', ref }]];
  }
}

function callStrings(
  trace: Tracer,
  ref: Reference,
  go: (next: Node) => readonly StringParts[],
): readonly StringParts[] {
  const { node } = ref;
  const end: readonly StringParts[] = [[{ type: 'end', ref }]];
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return end;
  const { callee } = node;
  const [first, second] = node.arguments;
  if (node.type === 'NewExpression') {
    if (!/^(?:URL|Request)$/.test(dottedName(callee)) || first === undefined) return end;
    return second === undefined || dottedName(callee) === 'Request'
      ? go(first)
      : combinations([go(second), go(first)]);
  }
  if (callee.type === 'MemberExpression' && 'name' in callee.property) {
    const { name } = callee.property;
    if (name === 'concat') return combinations([go(callee.object), ...node.arguments.map(go)]);
    if (name === 'join') return joinStrings(trace, ref, callee.object, go);
  }
  // What a package makes of a text begins as that text does: it strips a slash, or encodes it.
  const passed = first === undefined ? end : go(first);
  return passed.some(([start]) => start?.type === 'text' || (start?.ref.path.length ?? 0) > 0) ? passed : end;
}

function joinStrings(
  trace: Tracer,
  ref: Reference,
  list: Node,
  go: (next: Node) => readonly StringParts[],
): readonly StringParts[] {
  const { node } = ref;
  if (node.type !== 'CallExpression') return [];
  const separator = node.arguments[0];
  return trace(withNode(ref, list, [])).flatMap((one) => {
    if (one.node.type !== 'ArrayExpression') return [[{ type: 'end', ref } as const]];
    const between = separator === undefined ? null : go(separator);
    const parts = one.node.elements.flatMap((element, index) => {
      if (element === null) return [];
      return index === 0 || between === null ? [go(element)] : [between, go(element)];
    });
    return [...combinations(parts)];
  });
}

/** Every way to put the parts together. */
function combinations(parts: readonly (readonly StringParts[])[]): readonly StringParts[] {
  return parts.reduce<readonly StringParts[]>(
    (before, part) => before.flatMap((one) => part.map((next) => [...one, ...next])).slice(0, maxStrings),
    [[]],
  );
}
