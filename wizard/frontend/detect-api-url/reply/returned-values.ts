import { calleeName } from '../../../../javascript/names.ts';
import { anyElement } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { FunctionNode } from '../../../../javascript/syntax-tree.ts';
import { calledFunctions, stateOf } from './passed-values.ts';
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
  const passed = sites.length > 0 ? [] : callsOfPassed(flow, value, fn, file);
  for (const call of passed) flow.follow(call);
  if (sites.length + passed.length === 0) flow.record({ part: value.part, kind: 'escape', file, node: fn });
}

/** Where a function of the project calls this one, which it gets as an argument: `withRetry(() => fetch(url))`. */
function callsOfPassed(flow: ReplyFlow, value: ReplyValue, fn: FunctionNode, file: SourceFile): ReplyValue[] {
  const { parentOf, usesOf } = file.scopes;
  const parent = parentOf(fn);
  const id =
    parent?.type === 'VariableDeclarator' ? parent.id : fn.type === 'ArrowFunctionExpression' ? null : fn.id;
  const places = [fn, ...(id?.type === 'Identifier' ? usesOf(id) : [])];
  return places.flatMap((place) => {
    const call = parentOf(place);
    if (call?.type !== 'CallExpression') return [];
    const index = call.arguments.indexOf(place as (typeof call.arguments)[number]);
    if (index < 0) return [];
    // What a reducer returns is the state.
    if (index === 0 && calleeName(call.callee) === 'useReducer')
      return [{ ...value, node: call, file, inside: ['0', ...value.inside] }];
    return calledFunctions(flow, file, call).flatMap((called) => {
      const parameter = called.fn.params[index];
      const { scopes } = called.file;
      if (parameter?.type !== 'Identifier') return [];
      return scopes.usesOf(parameter).flatMap((use) => {
        const inner = scopes.parentOf(use);
        return inner?.type === 'CallExpression' && inner.callee === use
          ? [{ ...value, node: inner, file: called.file }]
          : [];
      });
    });
  });
}
