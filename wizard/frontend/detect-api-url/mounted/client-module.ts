import { dottedName } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isClass, isFunction, type Node } from '../../../../javascript/syntax-tree.ts';

/** What Docusaurus calls of a client module; nothing renders its other exports. */
const lifecycle = /^(?:onRouteUpdate|onRouteDidUpdate)$/;

/**
 * Whether a client module only declares: as a rule a component, which Docusaurus does not render. It runs
 * nothing when it is loaded, loads no other script for its effect, and exports nothing that Docusaurus calls.
 */
export function doesNothing(file: SourceFile | null): boolean {
  return file?.program.type === 'Program' && file.program.body.every(isDeclaration);
}

function isDeclaration(node: Node): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
      return node.specifiers.length > 0 || String(node.source.value).endsWith('.css');
    case 'ExportDefaultDeclaration':
      return isInert(node.declaration);
    case 'ExportNamedDeclaration':
      return node.source == null && (node.declaration == null || isDeclaration(node.declaration));
    case 'FunctionDeclaration':
      return !lifecycle.test(node.id?.name ?? '');
    case 'VariableDeclaration':
      return node.declarations.every(
        ({ id, init }) =>
          !(id.type === 'Identifier' && lifecycle.test(id.name)) && (init == null || isInert(init)),
      );
    default:
      return isClass(node) || node.type.startsWith('TS');
  }
}

/** A value whose making runs no code of the module's: also `memo(…)` and `forwardRef(…)` of a function. */
function isInert(node: Node): boolean {
  if (isFunction(node) || isClass(node) || node.type === 'Identifier' || node.type === 'Literal') return true;
  if (node.type === 'ArrayExpression')
    return node.elements.every((element) => element === null || isInert(element));
  if (node.type === 'ObjectExpression')
    return node.properties.every((property) => property.type === 'Property' && isInert(property.value));
  if (node.type !== 'CallExpression')
    return node.type === 'TemplateLiteral' && node.expressions.every(isInert);
  return (
    /(?:^|\.)(?:memo|forwardRef|createContext|lazy)$/.test(dottedName(node.callee)) &&
    node.arguments.every(isInert)
  );
}
