import { dottedName } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isClass, isFunction, type Node } from '../../../../javascript/syntax-tree.ts';

/** What Docusaurus calls of a client module, or of its default export; nothing renders its other exports. */
const lifecycle = /\bonRoute(?:Did)?Update\b/;

/**
 * Whether a client module only declares: as a rule a component, which Docusaurus does not render. It runs nothing itself
 * when it is loaded, though what it imports may, and has nothing that Docusaurus calls.
 */
export function doesNothing({ program, text }: SourceFile): boolean {
  return program.type === 'Program' && !lifecycle.test(text) && program.body.every(isDeclaration);
}

function isDeclaration(node: Node): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'ExportAllDeclaration':
      return true;
    case 'ExportDefaultDeclaration':
      return isInert(node.declaration);
    case 'ExportNamedDeclaration':
      return node.declaration == null || isDeclaration(node.declaration);
    case 'VariableDeclaration':
      return node.declarations.every(({ init }) => init == null || isInert(init));
    default:
      return node.type.startsWith('TS');
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
