import { calleeName } from '../../../../javascript/names.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

/** `Context` of `<Context.Provider>`, as JSX or as what a build makes of it; null for any other component. */
export function contextOfProvider(component: Node): Node | null {
  if (component.type !== 'JSXMemberExpression' && component.type !== 'MemberExpression') return null;
  const { property } = component;
  return 'name' in property && property.name === 'Provider' ? component.object : null;
}

/** `<Context.Provider value={…}>`: follows the value to every `useContext(Context)`. */
export function followProvider(flow: ReplyFlow, property: ReplyValue, context: Node): void {
  const [attribute, ...inside] = property.inside;
  if (attribute !== 'value') return;
  const { tracer } = flow;
  const contexts = new Set(tracer.traceNode(property.file, context).map(({ node }) => node));
  for (const file of tracer.files)
    for (const { node } of file.nodes) {
      if (node.type !== 'CallExpression' || !/^use(?:Context)?$/.test(calleeName(node.callee))) continue;
      const [argument] = node.arguments;
      if (argument === undefined) continue;
      const isSame = tracer.traceNode(file, argument).some((value) => contexts.has(value.node));
      if (isSame) flow.follow({ ...movedTo(property, node, inside), file });
    }
}
