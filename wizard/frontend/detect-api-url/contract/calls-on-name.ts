import { memberName } from '../../../../javascript/names.ts';
import type { NameNode } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

/** The calls of methods on what a name is bound to: `form.append(key, value)`. */
export function callsOnName({ scopes }: SourceFile, name: NameNode, methods: RegExp): Call[] {
  return scopes.usesOf(name).flatMap((use) => {
    const member = scopes.parentOf(use);
    const call = member === undefined ? undefined : scopes.parentOf(member);
    if (member?.type !== 'MemberExpression' || call?.type !== 'CallExpression') return [];
    return call.callee === member && methods.test(memberName(member) ?? '') ? [call] : [];
  });
}

/** The name that a value is declared under; null where it is none. */
export function declaredName({ scopes }: SourceFile, value: Node): NameNode | null {
  let parent = scopes.parentOf(value);
  while (parent !== undefined && /^(?:TS\w+|NewExpression|ParenthesizedExpression)$/.test(parent.type))
    parent = scopes.parentOf(parent);
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id : null;
}
