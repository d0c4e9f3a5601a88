import { dottedName, memberName } from '../../../../javascript/names.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';
import type { Reference, Tracer } from '../trace/reference.ts';

/** Whether an interceptor of axios makes the call return the JSON itself: `(response) => response.data`. */
export function returnsJson(tracer: Tracer, { node, file }: Reference): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const clients = tracer.traceNode(file, node.callee.object);
  return tracer.files.some(
    (other) =>
      other.text.includes('interceptors') &&
      other.nodes.some(({ node: use }) => {
        if (use.type !== 'CallExpression' || !dottedName(use.callee).endsWith('interceptors.response.use'))
          return false;
        const [callback] = use.arguments;
        const client = clientOf(use.callee);
        const isSame =
          client !== null &&
          tracer.traceNode(other, client).some((value) => clients.some((own) => own.node === value.node));
        return (
          isSame && callback !== undefined && returnsData(tracer, { ...base, node: callback, file: other })
        );
      }),
  );
}

const base = { path: [], context: new Map(), isFallback: false };

/** `client` of `client.interceptors.response.use`. */
function clientOf(callee: Node): Node | null {
  let node = callee;
  for (let step = 0; step < 3 && node.type === 'MemberExpression'; step += 1) node = node.object;
  return node;
}

function returnsData(tracer: Tracer, reference: Reference): boolean {
  return tracer(reference).some(({ node }) => {
    if (!isFunction(node)) return false;
    const returned = node.body.type === 'BlockStatement' ? tracer.returnsIn(node.body) : [node.body];
    return returned.some((value) => value.type === 'MemberExpression' && memberName(value) === 'data');
  });
}
