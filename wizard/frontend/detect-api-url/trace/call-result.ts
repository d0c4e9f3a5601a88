import { dottedName } from '../../../../javascript/names.ts';
import { isClass, isFunction, type FunctionNode } from '../../../../javascript/syntax-tree.ts';
import { requiredModuleId } from '../../../../javascript/webpack-modules.ts';
import { classMembers, constructorOf } from './class-members.ts';
import { libraryCallResult } from './library-call-result.ts';
import { withNode, type CallContext, type Reference, type Tracer } from './reference.ts';
import { resolveModule } from './resolve-name.ts';
import { returnValues } from './return-values.ts';

/** Methods that return what they are called on, or all of it that matters here. */
const passThroughMethods =
  /^(?:replace|replaceAll|trim|trimEnd|trimStart|toString|toLowerCase|normalize|valueOf|freeze|filter|slice|sort|reverse|flat)$/;

/** What a call returns: of a function of the project, of `require`, or of a package that passes its argument on. */
export function callResult(tracer: Tracer, reference: Reference): readonly Reference[] {
  const { node, path } = reference;
  if (node.type !== 'CallExpression') return [];
  const { callee } = node;
  const [argument] = node.arguments;
  const moduleId = requiredModuleId(reference.file, node);
  if (moduleId !== null) return moduleExport(tracer, reference, moduleId);
  if (dottedName(callee) === 'require' && argument !== undefined)
    return resolveModule(tracer, reference, argument);
  if (
    callee.type === 'MemberExpression' &&
    'name' in callee.property &&
    passThroughMethods.test(callee.property.name)
  ) {
    // `Object.freeze(value)` is called on `Object`.
    const passed = callee.property.name === 'freeze' ? argument : callee.object;
    return passed === undefined ? [] : tracer(withNode(reference, passed));
  }
  const called = tracer(withNode(reference, callee, []));
  if (!called.some((value) => isFunction(value.node))) return libraryCallResult(tracer, reference);
  return called.flatMap((value) => {
    if (!isFunction(value.node)) return [];
    const context = contextWith(value.context, value.node, reference);
    return returnValues(tracer, { ...value, path, context, isFallback: reference.isFallback });
  });
}

/** What the module of a bundle exports under the first path segment. */
function moduleExport(tracer: Tracer, reference: Reference, id: string): readonly Reference[] {
  const [segment, ...rest] = reference.path;
  const module = tracer.webpackModules().get(id);
  if (module === undefined || segment === undefined) return [reference];
  const { file, exports, whole } = module;
  const base = { ...reference, file };
  if (whole !== null) return tracer(withNode(base, whole));
  const exported = exports.get(segment.name);
  return exported === undefined ? [] : tracer(withNode(base, exported, rest));
}

function contextWith(context: CallContext, called: FunctionNode, call: Reference): CallContext {
  return new Map([...context, [called, { node: call.node, file: call.file, context: call.context }]]);
}

/** A member of `new Class(…)`. */
export function instanceMember(tracer: Tracer, reference: Reference): readonly Reference[] {
  const { node, path } = reference;
  if (node.type !== 'NewExpression') return [];
  const [segment, ...rest] = path;
  if (dottedName(node.callee) === 'URL' && segment?.name === 'href')
    return tracer(withNode(reference, node, rest));
  const members = tracer(withNode(reference, node.callee, [])).flatMap((value) => {
    if (!isClass(value.node)) return [];
    const constructor = constructorOf(value.node);
    const context = constructor === null ? value.context : contextWith(value.context, constructor, reference);
    const instance = { ...value, path, context };
    return classMembers(tracer, { reference: instance, owner: value.node, isStatic: false });
  });
  return members.length > 0 ? members : [reference];
}
