import { functionAround } from './function-around.ts';
import { memberName } from './names.ts';
import type { SourceFile } from './source-file.ts';
import type { FunctionNode, Node } from './syntax-tree.ts';

/**
 * The body of an `async` function in a bundle for old browsers: one `switch` over steps, run again after each `await`
 * (babeljs.io, `transform-regenerator`): `case 0: c.next = 3; return fetch(url); case 3: response = c.sent;`. Since Babel
 * 7.27 the members are `n` and `v`.
 */
type StepSwitch = {
  switch: Extract<Node, { type: 'SwitchStatement' }>;
  /** The parameter that holds the state. */
  state: string;
  /** The member with the number of the next step, and the one with what was awaited. */
  next: string;
  awaited: string;
};

/** Where the step that follows reads what an expression has returned; null where the function is no such body. */
export function readsOfAwaited(file: SourceFile, returned: Node): readonly Node[] | null {
  const steps = stepsOf(functionAround(file, returned), file);
  if (steps === null) return null;
  const { state, next, awaited } = steps;
  const set = file.nodes.findLast(
    ({ node }) =>
      node.type === 'AssignmentExpression' &&
      isStateMember(node.left, { state, name: next }) &&
      node.start > steps.switch.discriminant.end &&
      node.end <= returned.end,
  )?.node;
  const number = set?.type === 'AssignmentExpression' ? literalOf(set.right) : null;
  const step = steps.switch.cases.find(({ test }) => number !== null && literalOf(test) === number);
  if (step === undefined) return [];
  return file.nodes.flatMap(({ node, parent }) => {
    if (node.start < step.start || node.end > step.end) return [];
    if (!isStateMember(node, { state, name: awaited })) return [];
    return [parent?.type === 'CallExpression' && parent.callee === node ? parent : node];
  });
}

const literalOf = (node: Node | null | undefined): unknown => (node?.type === 'Literal' ? node.value : null);

/** The function whose result is an argument of `c.abrupt('return', value)`, or of `c.a(2, value)`; null for another call. */
export function functionEndedBy(
  file: SourceFile,
  call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>,
): FunctionNode | null {
  const body = functionAround(file, call);
  const steps = stepsOf(body, file);
  if (body === null || steps === null) return null;
  const name = steps.next === 'n' ? 'a' : 'abrupt';
  return isStateMember(call.callee, { state: steps.state, name }) ? functionAround(file, body) : null;
}

/**
 * What `__generator` of TypeScript and SWC does with a value: `return [4, value]` waits for it, and the next step reads
 * it; `return [2, value]` ends the function. Null for any other value.
 */
export function generatorOperation(
  file: SourceFile,
  value: Node,
): { type: 'wait'; reads: readonly Node[] } | { type: 'end'; ended: readonly FunctionNode[] } | null {
  const list = file.scopes.parentOf(value);
  if (list?.type !== 'ArrayExpression' || list.elements[1] !== value) return null;
  const operation = literalOf(list.elements[0]);
  const body = functionAround(file, list);
  const [parameter] = body?.params ?? [];
  if (body === null || parameter?.type !== 'Identifier' || (operation !== 4 && operation !== 2)) return null;
  const state = parameter.name;
  const steps = file.nodes.find(
    ({ node }) =>
      node.type === 'SwitchStatement' &&
      isInside(node, body) &&
      isStateMember(node.discriminant, { state, name: 'label' }),
  )?.node;
  if (steps?.type !== 'SwitchStatement') return null;
  if (operation === 2) return { type: 'end', ended: functionsAround(file, body) };
  const index = steps.cases.findIndex((step) => isInside(value, step));
  const next = steps.cases[index + 1];
  if (index < 0 || next === undefined) return null;
  const reads = file.nodes.flatMap(({ node, parent }) =>
    parent?.type === 'CallExpression' && isInside(node, next) && isStateMember(node, { state, name: 'sent' })
      ? [parent]
      : [],
  );
  return { type: 'wait', reads };
}

const isInside = (inner: Node, outer: Node): boolean => inner.start >= outer.start && inner.end <= outer.end;

/** The function that a generator's steps are the body of, and the one that returns its result: `return wrap(function () {…})()`. */
function functionsAround(file: SourceFile, body: FunctionNode): FunctionNode[] {
  const inner = functionAround(file, body);
  const outer = inner === null ? null : functionAround(file, inner);
  if (inner === null || outer === null) return inner === null ? [] : [inner];
  let node = file.scopes.parentOf(inner);
  while (node?.type === 'CallExpression' || node?.type === 'MemberExpression')
    node = file.scopes.parentOf(node);
  return node?.type === 'ReturnStatement' || node === outer ? [inner, outer] : [inner];
}

function stepsOf(fn: FunctionNode | null, { nodes }: SourceFile): StepSwitch | null {
  const [parameter] = fn?.params ?? [];
  if (fn === null || parameter?.type !== 'Identifier') return null;
  const state = parameter.name;
  for (const { node } of nodes) {
    if (node.type !== 'SwitchStatement' || node.start < fn.start || node.end > fn.end) continue;
    // `switch (c.prev = c.next)`
    const { discriminant } = node;
    if (discriminant.type !== 'AssignmentExpression') continue;
    for (const [next, awaited] of [['next', 'sent'] as const, ['n', 'v'] as const])
      if (isStateMember(discriminant.right, { state, name: next }))
        return { switch: node, state, next, awaited };
  }
  return null;
}

function isStateMember(node: Node, { state, name }: { state: string; name: string }): boolean {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return false;
  return node.object.name === state && memberName(node) === name;
}
