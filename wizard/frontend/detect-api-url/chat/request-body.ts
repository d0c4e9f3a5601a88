import { calleeName, dottedName, propertyKey } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { referenceTo, withNode, type Reference, type Tracer } from '../trace/reference.ts';

/** The object that a request sends as its body, before it becomes JSON; null where none is visible. */
export function requestBody(tracer: Tracer, file: SourceFile, request: Node): Reference | null {
  if (request.type !== 'CallExpression' && request.type !== 'NewExpression') return null;
  const [first, second] = request.arguments;
  const isOptionsFirst = first?.type === 'ObjectExpression';
  const options = isOptionsFirst ? first : second;
  if (options === undefined) return null;
  for (const key of ['body', 'data'])
    for (const value of tracer(referenceTo(file, options, [{ name: key, node: options }])))
      if (value.path.length === 0) return unpacked(tracer, value);
  const isPost = !isOptionsFirst && /^(?:post|put|patch)$/.test(calleeName(request.callee));
  return isPost ? unpacked(tracer, referenceTo(file, options)) : null;
}

/** What `JSON.stringify` is given. */
function unpacked(tracer: Tracer, reference: Reference): Reference | null {
  for (const value of tracer(reference)) {
    const { node, path } = value;
    if (node.type === 'ObjectExpression' && path.length === 0) return value;
    const argument = node.type === 'CallExpression' ? node.arguments[0] : undefined;
    if (argument === undefined || node.type !== 'CallExpression') continue;
    if (dottedName(node.callee) === 'JSON.stringify') return unpacked(tracer, withNode(value, argument, []));
  }
  return null;
}

/** The keys of a body, in the order of the code. */
export function bodyKeys(tracer: Tracer, { node, file }: Reference): string[] {
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) => {
    if (property.type !== 'SpreadElement') return propertyKey(property) ?? [];
    return tracer(referenceTo(file, property.argument)).flatMap((value) => bodyKeys(tracer, value));
  });
}

/** Names under which frontends send a question. */
export const questionKey =
  /^(?:question|query|message|prompt|ask|(?:user_?|input_?)(?:query|message|question|input|prompt)|query_?text|messages)$/i;

const personalKey =
  /^(?:email|password|username|token|rating|feedback|subject|target_?language|first_?name|last_?name|phone)$/i;

/** Whether a body holds a question, and nothing of a login, a mail or a rating. */
export function asksQuestion(keys: readonly string[]): boolean {
  return keys.some((key) => questionKey.test(key)) && !keys.some((key) => personalKey.test(key));
}
