import { calleeName } from '../../../../javascript/names.ts';
import { anyElement } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { FunctionNode } from '../../../../javascript/syntax-tree.ts';
import { stateOf } from './passed-values.ts';
import { movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

/** Follows a value that a function returns to the caller of a callback, or to every caller. */
export function followReturn(flow: ReplyFlow, value: ReplyValue, fn: FunctionNode, file: SourceFile): void {
  const parent = file.scopes.parentOf(fn);
  if (parent?.type === 'CallExpression') {
    if (parent.callee === fn) return flow.follow(movedTo(value, parent));
    const name = calleeName(parent.callee);
    if (/^(?:then|catch|useMemo|startTransition|of|resolve)$/.test(name))
      return flow.follow(movedTo(value, parent));
    if (/^(?:map|flatMap)$/.test(name))
      return flow.follow(movedTo(value, parent, [anyElement, ...value.inside]));
    if (/^(?:forEach|filter|some|every|find|sort|reduce|useEffect|addEventListener)$/.test(name)) return;
    const state = stateOf(flow, value, parent.callee);
    if (state !== null) return flow.follow(state);
  }
  const own = flow.context.get(fn);
  const sites = own === undefined ? flow.tracer.callGraph().callersOf(fn) : [own];
  for (const site of sites)
    if (site.node.type === 'CallExpression' || site.node.type === 'NewExpression')
      flow.follow({ ...value, node: site.node, file: site.file });
  if (sites.length === 0) flow.record({ part: value.part, kind: 'escape', file, node: fn });
}
