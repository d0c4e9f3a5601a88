import { memberName, propertyKey } from '../../../../javascript/names.ts';
import { anyElement } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isClass, type FunctionNode, type Node } from '../../../../javascript/syntax-tree.ts';
import { followExportedName } from './imported-values.ts';
import { memberOf, movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

/** Follows a value into a pattern: to every place that uses a name in it. */
export function bindPattern(flow: ReplyFlow, pattern: Node, value: ReplyValue): void {
  const bindMember = (name: string, inner: Node): void => {
    const member = memberOf(value, name, inner);
    if (member === null) return;
    recordField(flow, value, member);
    bindPattern(flow, inner, member);
  };
  switch (pattern.type) {
    case 'Identifier':
      for (const node of value.file.scopes.usesOf(pattern)) flow.follow(movedTo(value, node));
      followExportedName(flow, value, pattern.name, pattern);
      return;
    case 'AssignmentPattern':
      bindPattern(flow, pattern.left, value);
      return;
    case 'RestElement':
      bindPattern(flow, pattern.argument, value);
      return;
    case 'TSParameterProperty':
      bindPattern(flow, pattern.parameter, value);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') bindPattern(flow, property.argument, value);
        else bindMember(propertyKey(property) ?? anyElement, property.value);
      }
      return;
    case 'ArrayPattern':
      pattern.elements.forEach((element, index) => {
        if (element !== null) bindMember(String(index), element);
      });
      return;
    default:
      assignToMember(flow, pattern, value);
  }
}

/** Records that a field of the reply's JSON is read. */
export function recordField(flow: ReplyFlow, from: ReplyValue, member: ReplyValue): void {
  if (from.inside.length > 0 || member.part.type !== 'json') return;
  flow.record({ part: member.part, kind: 'field', file: member.file, node: member.node });
}

/** Follows a value into a parameter of a function. */
export function bindParameter(
  flow: ReplyFlow,
  { fn, file, index }: { fn: FunctionNode; file: SourceFile; index: number },
  value: ReplyValue,
): void {
  const pattern = fn.params[index];
  if (pattern !== undefined) bindPattern(flow, pattern, { ...value, file });
}

/** `owner.name = value`: where the owner, or that member of `this`, is used. */
function assignToMember(flow: ReplyFlow, target: Node, value: ReplyValue): void {
  if (target.type !== 'MemberExpression') return;
  const name = memberName(target) ?? anyElement;
  if (/^(?:innerHTML|innerText|textContent)$/.test(name) && value.inside.length === 0) {
    flow.record({ part: value.part, kind: 'text', file: value.file, node: target });
    return;
  }
  const inside = [name, ...value.inside];
  if (target.object.type === 'ThisExpression') followThis(flow, target, { ...value, inside });
  else followOwner(flow, target.object, { ...value, inside });
}

/** Follows a value that was put into what an expression names: to every other use of it. */
export function followOwner(flow: ReplyFlow, owner: Node, value: ReplyValue): void {
  if (owner.type === 'Identifier') {
    for (const node of value.file.scopes.usesOf(owner)) if (node !== owner) flow.follow(movedTo(value, node));
    return;
  }
  if (owner.type !== 'MemberExpression') return;
  const inside = [memberName(owner) ?? anyElement, ...value.inside];
  if (owner.object.type === 'ThisExpression') followThis(flow, owner, { ...value, inside });
  else followOwner(flow, owner.object, { ...value, inside });
}

/** Every `this` of the class around a node. */
export function followThis(flow: ReplyFlow, start: Node, value: ReplyValue): void {
  const { parentOf } = value.file.scopes;
  let owner = parentOf(start);
  while (owner !== undefined && !isClass(owner)) owner = parentOf(owner);
  if (owner === undefined) return;
  const { start: from, end } = owner;
  for (const { node } of value.file.nodes)
    if (node.type === 'ThisExpression' && node.start >= from && node.end <= end)
      flow.follow(movedTo(value, node));
}
