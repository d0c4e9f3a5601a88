import { functionAround } from '../../../../javascript/function-around.ts';
import { calleeName, memberName, propertyKey, specifierName } from '../../../../javascript/names.ts';
import { anyElement } from '../../../../javascript/scopes.ts';
import { isFunction, type JsxAttribute, type Node } from '../../../../javascript/syntax-tree.ts';
import {
  functionEndedBy,
  generatorOperation,
  readsOfAwaited,
} from '../../../../javascript/generator-steps.ts';
import { bindPattern, followThis, recordField } from './bound-values.ts';
import { followExport } from './imported-values.ts';
import { followMethod } from './method-calls.ts';
import { followArgument, followIntoComponent } from './passed-values.ts';
import {
  decoded,
  elementOf,
  isWhole,
  memberOf,
  movedTo,
  type ReplyFlow,
  type ReplyValue,
} from './reply-value.ts';
import { followReturn, resultOfCall } from './passed-functions.ts';

/** Follows a value to what the code around it makes of it. */
export function followNext(flow: ReplyFlow, value: ReplyValue): void {
  const { file, node } = value;
  const parent = file.scopes.parentOf(node);
  if (parent === undefined) return;
  const carry = (inside = value.inside): void => flow.follow(movedTo(value, parent, inside));
  switch (parent.type) {
    case 'AwaitExpression':
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'SpreadElement':
      return carry();
    case 'SequenceExpression':
      return parent.expressions.at(-1) === node ? carry() : undefined;
    case 'LogicalExpression':
      return parent.operator === '&&' && parent.left === node ? undefined : carry();
    case 'ConditionalExpression':
      return parent.test === node ? undefined : carry();
    case 'MemberExpression':
      return parent.object === node ? followMember(flow, value, parent) : undefined;
    case 'CallExpression':
    case 'NewExpression':
      return followCall(flow, value, parent);
    case 'VariableDeclarator':
      return bindPattern(flow, parent.id, value);
    case 'AssignmentExpression':
      return followAssignment(flow, value, parent);
    case 'ReturnStatement':
    case 'ArrowFunctionExpression': {
      const fn = isFunction(parent) ? parent : functionAround(file, parent);
      const isResult = parent.type === 'ReturnStatement' || parent.body === node;
      const reads = parent.type === 'ReturnStatement' ? readsOfAwaited(file, node) : null;
      if (reads !== null) return reads.forEach((read) => flow.follow(movedTo(value, read)));
      return fn !== null && isResult ? followReturn(flow, value, fn, file) : undefined;
    }
    case 'YieldExpression': {
      carry();
      const fn = functionAround(file, parent);
      return fn === null
        ? undefined
        : followReturn(flow, { ...value, inside: [anyElement, ...value.inside] }, fn, file);
    }
    case 'Property': {
      const object = file.scopes.parentOf(parent);
      if (object?.type !== 'ObjectExpression' || parent.value !== node) return;
      return flow.follow(movedTo(value, object, [propertyKey(parent) ?? anyElement, ...value.inside]));
    }
    case 'ArrayExpression': {
      const operation = generatorOperation(file, node);
      if (operation?.type === 'wait')
        return operation.reads.forEach((read) => flow.follow(movedTo(value, read)));
      if (operation?.type === 'end')
        return operation.ended.forEach((fn) => followReturn(flow, value, fn, file));
      return carry([anyElement, ...value.inside]);
    }
    case 'ObjectExpression':
      return carry();
    default:
      return followUse(flow, value, parent);
  }
}

/** Uses that end the way of a value: it is shown, compared or gone through. */
function followUse(flow: ReplyFlow, value: ReplyValue, parent: Node): void {
  const { file, node, part } = value;
  switch (parent.type) {
    case 'TemplateLiteral':
    case 'BinaryExpression': {
      const isText = parent.type === 'TemplateLiteral' || parent.operator === '+';
      if (isText && isWhole(value)) flow.record({ part, kind: 'text', file, node });
      if (isText && decoded(value).part.type === 'text') flow.follow(movedTo(decoded(value), parent));
      if (parent.type === 'BinaryExpression') recordComparison(flow, value, parent);
      return;
    }
    case 'SwitchStatement':
      if (parent.discriminant !== node || !isWhole(value)) return;
      for (const { test } of parent.cases)
        if (test?.type === 'Literal')
          flow.record({ part, kind: 'tag', literal: String(test.value), file, node });
      return;
    case 'ForOfStatement': {
      if (parent.right !== node) return;
      const element = elementOf(value, parent);
      const pattern = parent.left.type === 'VariableDeclaration' ? parent.left.declarations[0]?.id : null;
      if (isWhole(value) && part.type === 'json') flow.record({ part, kind: 'list', file, node });
      if (pattern != null && element !== null) bindPattern(flow, pattern, element);
      return;
    }
    case 'JSXExpressionContainer':
      return followJsx(flow, value, parent);
    case 'JSXSpreadAttribute': {
      const opening = file.scopes.parentOf(parent);
      if (opening?.type === 'JSXOpeningElement') followIntoComponent(flow, value, opening.name);
      return;
    }
    case 'ExportDefaultDeclaration':
      return followExport(flow, value, 'default');
    case 'ExportSpecifier':
      return followExport(flow, value, specifierName(parent.exported));
    case 'ClassBody':
    case 'PropertyDefinition':
      if (parent.type === 'PropertyDefinition' && parent.value === node)
        followThis(flow, parent, {
          ...value,
          inside: [propertyKey(parent) ?? anyElement, ...value.inside],
        });
  }
}

function followMember(
  flow: ReplyFlow,
  value: ReplyValue,
  member: Extract<Node, { type: 'MemberExpression' }>,
): void {
  const { parentOf } = value.file.scopes;
  const name = memberName(member) ?? anyElement;
  const parent = parentOf(member);
  if (parent?.type === 'CallExpression' && parent.callee === member) {
    if (followMethod(flow, value, name, parent) || (isWhole(value) && value.part.type === 'json')) return;
  }
  if (parent?.type === 'AssignmentExpression' && parent.left === member) return;
  const next = memberOf(value, name, member);
  if (next === null) return;
  recordField(flow, value, next);
  flow.follow(next);
}

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

function followCall(flow: ReplyFlow, value: ReplyValue, call: Call): void {
  if (call.callee === value.node) {
    const result = isWhole(value) ? resultOfCall(value, call) : null;
    return result === null ? undefined : flow.follow(result);
  }
  const index = call.arguments.indexOf(value.node as (typeof call.arguments)[number]);
  if (index < 0) return;
  const ended = functionEndedBy(value.file, call);
  if (ended !== null) return followReturn(flow, value, ended, value.file);
  if (call.type === 'NewExpression' && calleeName(call.callee).endsWith('Error')) return;
  followArgument(flow, value, call, index);
}

function followAssignment(
  flow: ReplyFlow,
  value: ReplyValue,
  assignment: Extract<Node, { type: 'AssignmentExpression' }>,
): void {
  if (assignment.right !== value.node) return;
  if (assignment.operator === '+=' && isWhole(value))
    flow.record({ part: value.part, kind: 'text', file: value.file, node: assignment });
  bindPattern(flow, assignment.left, value);
  flow.follow(movedTo(value, assignment));
}

function recordComparison(
  flow: ReplyFlow,
  { file, node, part, inside }: ReplyValue,
  { operator, left, right }: Extract<Node, { type: 'BinaryExpression' }>,
): void {
  const other = left === node ? right : left;
  if (/^[=!]==?$/.test(operator) && other.type === 'Literal' && inside.length === 0)
    flow.record({ part, kind: 'tag', literal: String(other.value), file, node });
}

function followJsx(flow: ReplyFlow, value: ReplyValue, container: Node): void {
  const { file, node, part } = value;
  const parent = file.scopes.parentOf(container);
  if (parent?.type === 'JSXElement') {
    if (isWhole(value)) flow.record({ part, kind: 'text', file, node });
    const { name } = parent.openingElement;
    followIntoComponent(flow, { ...value, inside: ['children', ...value.inside] }, name);
    return;
  }
  if (parent?.type !== 'JSXAttribute') return;
  const opening = file.scopes.parentOf(parent);
  if (opening?.type !== 'JSXOpeningElement') return;
  const attribute = String((parent as JsxAttribute).name.name);
  const property = { ...value, inside: [attribute, ...value.inside] };
  followIntoComponent(flow, property, opening.name);
}
