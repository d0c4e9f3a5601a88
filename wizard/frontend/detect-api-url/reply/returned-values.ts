import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { FunctionNode } from '../../../../javascript/syntax-tree.ts';
import { followFunction } from './passed-functions.ts';
import type { ReplyFlow, ReplyValue } from './reply-value.ts';

/** Follows a value that a function returns to every caller, and to those that get the function as a value. */
export function followReturn(flow: ReplyFlow, value: ReplyValue, fn: FunctionNode, file: SourceFile): void {
  const own = flow.context.get(fn);
  const sites = own === undefined ? flow.tracer.callGraph().callersOf(fn) : [own];
  for (const site of sites)
    if (site.node.type === 'CallExpression' || site.node.type === 'NewExpression')
      flow.follow({ ...value, node: site.node, file: site.file });
  if (own === undefined) followFunction(flow, value, fn, file);
}
