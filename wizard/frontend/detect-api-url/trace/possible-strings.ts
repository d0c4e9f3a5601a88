import { dottedName } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { evaluateInCalls, type ValueInCall } from './evaluate-in-calls.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';

/** A part of a string: text from the source, or an expression that cannot be resolved further. */
export type StringPart =
  | { type: 'text'; text: string; node: Node; file: SourceFile; isFallback: boolean }
  | { type: 'unresolved'; reference: Reference };

/** One of the strings that an expression can be, in parts. */
export type StringParts = readonly StringPart[];

const maxStrings = 48;
/** Bounds the work on one expression: in library code everything may be anything. */
const maxParts = 5_000;

/** The strings that an expression can be, for every caller of the function that it is in. */
export function possibleStrings(tracer: Tracer, reference: Reference): readonly StringParts[] {
  return stringsInCalls(tracer, reference).map(({ value }) => value);
}

/** The same, with the calls in which the expression is each of them. */
export function stringsInCalls(tracer: Tracer, reference: Reference): readonly ValueInCall<StringParts>[] {
  const search: PartsSearch = { tracer, visiting: new Set(), partsLeft: maxParts };
  return evaluateInCalls(tracer, reference, (at) => stringsAt(search, at));
}

/** `visiting` stops at a string that is made of itself: `url = url + path`. */
type PartsSearch = { tracer: Tracer; visiting: Set<Node>; partsLeft: number };

function stringsAt(search: PartsSearch, reference: Reference): readonly StringParts[] {
  return search
    .tracer(reference)
    .flatMap((value) => {
      if (search.visiting.has(value.node) || search.partsLeft <= 0) return [];
      search.partsLeft -= 1;
      search.visiting.add(value.node);
      const strings = partsAt(search, value);
      search.visiting.delete(value.node);
      return [...strings];
    })
    .slice(0, maxStrings);
}

function partsAt(search: PartsSearch, reference: Reference): readonly StringParts[] {
  const { node, file, isFallback } = reference;
  const follow = (next: Node): readonly StringParts[] => stringsAt(search, withNode(reference, next, []));
  const text = (value: string, at = node): StringParts => [
    { type: 'text', text: value, node: at, file, isFallback },
  ];
  if (reference.path.length > 0) return [[{ type: 'unresolved', reference }]];
  switch (node.type) {
    case 'Literal':
      return [text(String(node.value))];
    case 'TemplateLiteral':
      return combinations(
        node.quasis.flatMap((quasi, index) => {
          const expression = node.expressions[index];
          const own = [text(quasi.value.cooked ?? '', index === 0 ? node : quasi)];
          return expression === undefined ? [own] : [own, follow(expression)];
        }),
      );
    case 'BinaryExpression':
    case 'AssignmentExpression':
      return /^\+=?$/.test(node.operator)
        ? combinations([follow(node.left), follow(node.right)])
        : [[{ type: 'unresolved', reference }]];
    case 'CallExpression':
    case 'NewExpression':
      return callStrings(search.tracer, reference, follow);
    default:
      return [[{ type: 'unresolved', reference }]];
  }
}

type Follow = (next: Node) => readonly StringParts[];

function callStrings(tracer: Tracer, reference: Reference, follow: Follow): readonly StringParts[] {
  const { node } = reference;
  const unresolved: readonly StringParts[] = [[{ type: 'unresolved', reference }]];
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return unresolved;
  const { callee } = node;
  const [first, second] = node.arguments;
  if (node.type === 'NewExpression') {
    if (!/^(?:URL|Request)$/.test(dottedName(callee)) || first === undefined) return unresolved;
    // `new URL(path, base)`
    return second === undefined || dottedName(callee) === 'Request'
      ? follow(first)
      : combinations([follow(second), follow(first)]);
  }
  if (callee.type === 'MemberExpression' && 'name' in callee.property) {
    const { name } = callee.property;
    if (name === 'concat') return combinations([follow(callee.object), ...node.arguments.map(follow)]);
    if (name === 'join') return joinedStrings(tracer, reference, callee.object, follow);
  }
  // What a package makes of a string begins like that string: it strips a slash, or encodes it.
  const argument = first === undefined ? unresolved : follow(first);
  const isString = argument.some(
    ([start]) => start?.type === 'text' || (start?.reference.path.length ?? 0) > 0,
  );
  return isString ? argument : unresolved;
}

function joinedStrings(
  tracer: Tracer,
  reference: Reference,
  list: Node,
  follow: Follow,
): readonly StringParts[] {
  const { node } = reference;
  if (node.type !== 'CallExpression') return [];
  const [separator] = node.arguments;
  return tracer(withNode(reference, list, [])).flatMap((value) => {
    if (value.node.type !== 'ArrayExpression') return [[{ type: 'unresolved', reference } as const]];
    const between = separator === undefined ? null : follow(separator);
    const parts = value.node.elements.flatMap((element, index) => {
      if (element === null) return [];
      return index === 0 || between === null ? [follow(element)] : [between, follow(element)];
    });
    return [...combinations(parts)];
  });
}

/** Every way to put the parts together. */
function combinations(parts: readonly (readonly StringParts[])[]): readonly StringParts[] {
  return parts.reduce<readonly StringParts[]>(
    (strings, part) =>
      strings.flatMap((string) => part.map((next) => [...string, ...next])).slice(0, maxStrings),
    [[]],
  );
}
