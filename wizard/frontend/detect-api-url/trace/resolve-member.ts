import { propertyKey } from '../../../../javascript/names.ts';
import { anyElement } from '../../../../javascript/scopes.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { classMembers } from './class-members.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';
import { returnValues } from './return-values.ts';

/**
 * What the first path segment of a reference leads to in an object, a list, an enum, the attributes of a JSX element or
 * a class; the reference itself in anything else.
 */
export function resolveMember(tracer: Tracer, reference: Reference): Reference[] {
  const { node, path } = reference;
  const [segment, ...rest] = path;
  if (segment === undefined) return [reference];
  const follow = (next: Node | null | undefined): Reference[] =>
    next == null ? [] : [...tracer(withNode(reference, next, rest))];
  const followSpread = (next: Node): Reference[] => [...tracer(withNode(reference, next))];
  switch (node.type) {
    case 'ObjectExpression':
      // The last one of two properties with one name wins.
      return node.properties.toReversed().flatMap((property) => {
        if (property.type === 'SpreadElement') return followSpread(property.argument);
        if (propertyKey(property) !== segment.name && segment.name !== anyElement) return [];
        const { kind, value } = property;
        return kind === 'get' ? returnValues(tracer, withNode(reference, value, rest)) : follow(value);
      });
    case 'ArrayExpression':
      if (segment.name === anyElement) return node.elements.flatMap(follow);
      return /^\d+$/.test(segment.name) ? follow(node.elements[Number(segment.name)]) : [];
    case 'TSEnumDeclaration':
      return node.members.flatMap((member) => {
        if (member.type !== 'TSEnumMember') return [];
        const name = member.id.type === 'Identifier' ? member.id.name : null;
        return name === segment.name ? follow(member.initializer) : [];
      });
    case 'JSXElement':
      return node.openingElement.attributes.flatMap((attribute) => {
        if (attribute.type === 'JSXSpreadAttribute') return followSpread(attribute.argument);
        if (attribute.type !== 'JSXAttribute' || attribute.name.name !== segment.name) return [];
        return follow(attribute.value);
      });
    case 'ClassDeclaration':
    case 'ClassExpression':
      return classMembers(tracer, { reference, owner: node, isStatic: true });
    default:
      return [reference];
  }
}
