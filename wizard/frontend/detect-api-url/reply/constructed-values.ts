import { memberName } from '../../../../javascript/names.ts';
import { isClass, type FunctionNode, type Node } from '../../../../javascript/syntax-tree.ts';
import { walk } from '../../../../javascript/walk.ts';
import { constructorOf } from '../trace/class-members.ts';
import { bindParameter } from './bound-values.ts';
import { movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

/**
 * `new Message(id, value)` of a class of the project: the object holds the value under the names that the constructor
 * gives it. False where the class is not the project's, or has no constructor.
 */
export function followConstruction(
  flow: ReplyFlow,
  value: ReplyValue,
  { call, index }: { call: Extract<Node, { type: 'NewExpression' }>; index: number },
): boolean {
  let isFollowed = false;
  for (const { node, file } of flow.tracer.traceNode(value.file, call.callee)) {
    const fn = isClass(node) ? constructorOf(node) : null;
    const parameter = fn?.params[index];
    if (fn === null || parameter === undefined) continue;
    isFollowed = true;
    bindParameter(flow, { fn, file, index }, value);
    const names = isThisFilled(fn, parameter) ? [[]] : membersSetFrom(fn, parameter).map((name) => [name]);
    for (const name of names) flow.follow(movedTo(value, call, [...name, ...value.inside]));
  }
  return isFollowed;
}

/** The name that a parameter declares; null for a pattern. */
function parameterName(parameter: Node): string | null {
  if (parameter.type === 'TSParameterProperty') return parameterName(parameter.parameter);
  if (parameter.type === 'AssignmentPattern') return parameterName(parameter.left);
  return parameter.type === 'Identifier' ? parameter.name : null;
}

/** `this.content = content`, with `|| ''` or not; `constructor(public content: string)`. */
function membersSetFrom(fn: FunctionNode, parameter: Node): string[] {
  const name = parameterName(parameter);
  if (name === null) return [];
  const own = parameter.type === 'TSParameterProperty' ? [name] : [];
  const assigned = Array.from(walk(fn.body, isClass), ({ node }) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return null;
    const { left, right } = node;
    const source = right.type === 'LogicalExpression' ? right.left : right;
    const isSame = source.type === 'Identifier' && source.name === name;
    return isSame && left.object.type === 'ThisExpression' ? memberName(left) : null;
  });
  return [...own, ...assigned.filter((member) => member !== null)];
}

/** `Object.assign(this, values)`. */
function isThisFilled(fn: FunctionNode, parameter: Node): boolean {
  const name = parameterName(parameter);
  return Array.from(walk(fn.body, isClass)).some(
    ({ node }) =>
      node.type === 'CallExpression' &&
      node.arguments[0]?.type === 'ThisExpression' &&
      node.arguments.some((argument) => argument.type === 'Identifier' && argument.name === name),
  );
}
