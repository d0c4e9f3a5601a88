import type { AnyNode } from 'acorn';

type Ranged = { start: number; end: number };

/** Nodes that JSX and TypeScript add to acorn's, as far as a value can pass through them. */
type JsxNode =
  | (Ranged & { type: 'JSXElement'; openingElement: JsxOpening; children: Node[] })
  | JsxOpening
  | JsxAttribute
  | (Ranged & { type: 'JSXSpreadAttribute'; argument: Node })
  | (Ranged & { type: 'JSXExpressionContainer'; expression: Node })
  | (Ranged & { type: 'JSXText'; value: string })
  | (Ranged & { type: 'JSXIdentifier'; name: string })
  | (Ranged & { type: 'JSXMemberExpression'; object: Node; property: Node });
type JsxOpening = Ranged & { type: 'JSXOpeningElement'; name: Node; attributes: Node[] };
/** `name="value"` or `name={value}`; `value` is null for a bare `name`. */
export type JsxAttribute = Ranged & {
  type: 'JSXAttribute';
  name: { type: string; name: unknown };
  value: Node | null;
};
type TsNode =
  | (Ranged & {
      type:
        | 'TSAsExpression'
        | 'TSSatisfiesExpression'
        | 'TSNonNullExpression'
        | 'TSTypeAssertion'
        | 'TSInstantiationExpression'
        | 'TSExportAssignment';
      expression: Node;
    })
  | (Ranged & { type: 'TSEnumDeclaration'; id: Node; members: Node[] })
  | (Ranged & { type: 'TSEnumMember'; id: Node; initializer?: Node })
  | (Ranged & { type: 'TSParameterProperty'; parameter: Node })
  | (Ranged & { type: 'TSModuleDeclaration'; id: Node; body?: Node })
  | (Ranged & { type: 'TSModuleBlock'; body: Node[] });
/** A node of the syntax tree: ESTree, JSX and TypeScript. `start` and `end` are offsets in the text. */
export type Node = AnyNode | JsxNode | TsNode;

/** A function in any of its three spellings. */
export type FunctionNode = Extract<
  Node,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;
/** A class declaration or expression. */
export type ClassNode = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>;

/** Whether a node is a function of any spelling. */
export function isFunction(node: Node): node is FunctionNode {
  return /^(?:Arrow)?Function(?:Expression|Declaration)$/.test(node.type);
}

/** Whether a node is a class. */
export function isClass(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}
