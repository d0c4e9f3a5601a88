import { calleeName } from '../../../../javascript/names.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

/** `<Context.Provider value={…}>`: follows the value to every `useContext(Context)`. */
export function followProvider(flow: ReplyFlow, property: ReplyValue, name: Node): void {
  const [attribute, ...inside] = property.inside;
  if (attribute !== 'value' || name.type !== 'JSXMemberExpression') return;
  const { tracer } = flow;
  const contexts = new Set(tracer.traceNode(property.file, name.object).map(({ node }) => node));
  for (const file of tracer.files)
    for (const { node } of file.nodes) {
      if (node.type !== 'CallExpression' || !/^use(?:Context)?$/.test(calleeName(node.callee))) continue;
      const [argument] = node.arguments;
      if (argument === undefined) continue;
      const isSame = tracer.traceNode(file, argument).some((value) => contexts.has(value.node));
      if (isSame) flow.follow({ ...movedTo(property, node, inside), file });
    }
}
