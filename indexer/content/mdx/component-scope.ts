import { propertyKey } from '../../../javascript/names.ts';
import {
  declare,
  evaluate,
  type ModuleStatement,
  type StaticScope,
} from '../../../javascript/static/evaluate.ts';
import { fieldsOf, type StaticFields, type StaticValue } from '../../../javascript/static/static-value.ts';
import type { FunctionNode, Node } from '../../../javascript/syntax-tree.ts';
import { walk } from '../../../javascript/walk.ts';

/** What a component returns, and the scope in which it does; null for one whose content depends on its state. */
export type ComponentBody = { returned: Node; scope: StaticScope; isStateful: boolean };

/** Reads the body of a component: constants, then one `return`. Null where it returns nothing that is an expression. */
export function componentBody(
  fn: FunctionNode,
  { outer, props }: { outer: StaticScope; props: StaticFields },
): ComponentBody | null {
  const scope: StaticScope = { ...outer, bindings: new Map(outer.bindings) };
  const [parameter] = fn.params;
  if (parameter !== undefined) bindParameter(parameter, props, scope);
  if (fn.body.type !== 'BlockStatement') return { returned: fn.body, scope, isStateful: false };
  let isStateful = walk(fn).some(
    ({ node }) =>
      node.type === 'CallExpression' &&
      node.callee.type === 'Identifier' &&
      /^use[A-Z]/.test(node.callee.name),
  );
  let returned: Node | null = null;
  for (const statement of fn.body.body) {
    if (statement.type === 'ReturnStatement') returned = statement.argument ?? null;
    else if (statement.type === 'VariableDeclaration') declare(statement as ModuleStatement, scope);
    else isStateful ||= statement.type !== 'FunctionDeclaration';
  }
  return returned === null ? null : { returned, scope, isStateful };
}

/** Gives a parameter its value: `props`, `{ title = 'None', ...rest }` or `[key, value]`. */
export function bindParameter(pattern: Node, value: StaticValue, scope: StaticScope): void {
  switch (pattern.type) {
    case 'Identifier':
      scope.bindings.set(pattern.name, () => value);
      return;
    case 'AssignmentPattern':
      bindParameter(pattern.left, value ?? evaluate(pattern.right, scope), scope);
      return;
    case 'ArrayPattern':
      for (const [index, element] of pattern.elements.entries())
        if (element !== null) bindParameter(element, Array.isArray(value) ? value[index] : undefined, scope);
      return;
    case 'ObjectPattern': {
      const fields = fieldsOf(value);
      for (const property of pattern.properties)
        if (property.type === 'Property')
          bindParameter(property.value, fields?.[propertyKey(property) ?? ''], scope);
        else bindParameter(property.argument, fields ?? undefined, scope);
    }
  }
}
