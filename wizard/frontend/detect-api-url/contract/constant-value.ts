import { memberName, propertyKey } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { withNode, type Reference, type Tracer } from '../trace/reference.ts';

/** A value that is the same in every request; null where it is not known when the code is read. */
export function constantValue(tracer: Tracer, reference: Reference): { value: unknown } | null {
  const { node, file, context } = reference;
  const follow = (next: Node): { value: unknown } | null =>
    constantValue(tracer, withNode(reference, next, []));
  switch (node.type) {
    case 'Literal':
      return 'regex' in node || typeof node.value === 'bigint' ? null : { value: node.value };
    case 'TemplateLiteral': {
      const values = node.expressions.map(follow);
      if (!values.every((value) => value !== null)) return null;
      const texts = node.quasis.map(({ value }, index) => (value.cooked ?? '') + textOf(values[index]));
      return { value: texts.join('') };
    }
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return follow(node.expression);
    case 'UnaryExpression': {
      const inner = follow(node.argument);
      if (inner === null) return null;
      // A minifier writes `!0` and `void 0`.
      if (node.operator === '!') return { value: !inner.value };
      if (node.operator === 'void') return { value: undefined };
      return node.operator === '-' ? { value: -Number(inner.value) } : null;
    }
    case 'ArrayExpression': {
      const values = node.elements.map((element) => (element === null ? null : follow(element)));
      return values.every((value) => value !== null) ? { value: values.map(({ value }) => value) } : null;
    }
    case 'ObjectExpression': {
      const entries = node.properties.map((property) => {
        const key = property.type === 'Property' ? propertyKey(property) : null;
        const value = property.type === 'Property' ? follow(property.value) : null;
        return key === null || value === null ? null : ([key, value.value] as const);
      });
      return entries.every((entry) => entry !== null) ? { value: Object.fromEntries(entries) } : null;
    }
    case 'MemberExpression':
      return isFixed(node.object, file) ? memberValue(tracer, reference) : null;
    case 'Identifier': {
      const sources = file.scopes.sourcesOf(node, node.name);
      if (sources === null) return node.name === 'undefined' ? { value: undefined } : null;
      const [source, ...others] = sources;
      if (source === undefined || source.type === 'import' || others.length > 0 || source.path.length > 0)
        return null;
      if (source.type === 'expression') return source.node === node ? null : follow(source.node);
      const call = context.get(source.fn)?.node;
      const argument = call?.type === 'CallExpression' ? call.arguments[source.index] : undefined;
      return argument === undefined ? null : follow(argument);
    }
    default:
      return null;
  }
}

const textOf = (constant: { value: unknown } | undefined): string =>
  constant === undefined ? '' : String(constant.value);

/** Whether a name is an imported module's, or that of an object in the code: not a state, and no parameter. */
function isFixed(owner: Node, file: SourceFile): boolean {
  if (owner.type === 'MemberExpression') return isFixed(owner.object, file);
  if (owner.type !== 'Identifier') return false;
  const [source] = file.scopes.sourcesOf(owner, owner.name) ?? [];
  if (source?.type === 'import') return true;
  return source?.type === 'expression' && /^(?:ObjectExpression|TSEnumDeclaration)$/.test(source.node.type);
}

/** `CONFIG.topK` of an object in the code, which a name of this or another file stands for. */
function memberValue(tracer: Tracer, reference: Reference): { value: unknown } | null {
  const { node } = reference;
  if (node.type !== 'MemberExpression') return null;
  const [owner, ...others] = tracer(withNode(reference, node.object, []));
  if (owner === undefined || others.length > 0 || owner.node.type !== 'ObjectExpression') return null;
  const name = memberName(node);
  for (const property of owner.node.properties.toReversed())
    if (property.type === 'Property' && propertyKey(property) === name)
      return constantValue(tracer, withNode(owner, property.value, []));
  return null;
}
