import { calleeName, memberName } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';

/** Whether code runs only where the request failed: behind `!response.ok`, in a `catch`, or in what is thrown. */
export function isInErrorBranch({ scopes: { parentOf } }: SourceFile, start: Node): boolean {
  let node = start;
  for (let parent = parentOf(node); parent !== undefined; node = parent, parent = parentOf(node)) {
    if (parent.type === 'ThrowStatement' || parent.type === 'CatchClause') return true;
    if (parent.type === 'NewExpression' && calleeName(parent.callee).endsWith('Error')) return true;
    if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') {
      const means = parent.test === node ? null : successOf(parent.test);
      if (means !== null && means !== (parent.consequent === node)) return true;
    }
    if (isFunction(parent)) {
      const call = parentOf(parent);
      if (call?.type === 'CallExpression' && calleeName(call.callee) === 'catch') return true;
    }
  }
  return false;
}

/** What a condition says of the request: true where it succeeded, false where it failed, null for anything else. */
function successOf(test: Node): boolean | null {
  switch (test.type) {
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return successOf(test.expression);
    case 'MemberExpression':
      return memberName(test) === 'ok' ? true : null;
    case 'UnaryExpression': {
      const inner = test.operator === '!' ? successOf(test.argument) : null;
      return inner === null ? null : !inner;
    }
    case 'LogicalExpression':
      return successOf(test.left) ?? successOf(test.right);
    case 'BinaryExpression':
      return successOfStatus(test);
    default:
      return null;
  }
}

function successOfStatus({
  operator,
  left,
  right,
}: Extract<Node, { type: 'BinaryExpression' }>): boolean | null {
  if (left.type !== 'MemberExpression' || memberName(left) !== 'status' || right.type !== 'Literal')
    return null;
  const status = Number(right.value);
  const isSuccess = status >= 200 && status < 300;
  if (/^===?$/.test(operator)) return isSuccess;
  if (/^!==?$/.test(operator)) return isSuccess ? false : null;
  return /^>=?$/.test(operator) && status >= 299 ? false : null;
}
