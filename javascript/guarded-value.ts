import type { SourceFile } from './source-file.ts';
import type { Node } from './syntax-tree.ts';

/** Whether a condition holds only where a value is there: `a`, or `a && a.b` for `a.b`. */
export function asksForValue(file: SourceFile, test: Node, value: Node): boolean {
  if (test.type === 'ParenthesizedExpression') return asksForValue(file, test.expression, value);
  if (test.type === 'LogicalExpression' && test.operator === '&&')
    return asksForValue(file, test.left, value) || asksForValue(file, test.right, value);
  return spelled(file, test) === spelled(file, value);
}

const spelled = (file: SourceFile, { start, end }: Node): string =>
  file.text
    .slice(start, end)
    .replace(/\s+/g, '')
    .replaceAll('?.', '.')
    .replace(/^\(+|\)+$/g, '');

/** Whether a function returns a value only where an earlier one is missing: after `if (a) return a`. */
export function followsGuardedReturn(file: SourceFile, value: Node): boolean {
  const { parentOf } = file.scopes;
  for (let parent = parentOf(value); parent !== undefined; parent = parentOf(parent)) {
    if (parent.type !== 'BlockStatement') continue;
    if (parent.body.some((statement) => statement.end <= value.start && isGuardedReturn(file, statement)))
      return true;
    const owner = parentOf(parent);
    if (owner === undefined || 'params' in owner) return false;
  }
  return false;
}

function isGuardedReturn(file: SourceFile, statement: Node): boolean {
  if (statement.type !== 'IfStatement' || statement.alternate != null) return false;
  const { consequent } = statement;
  const last = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return (
    last?.type === 'ReturnStatement' &&
    last.argument != null &&
    asksForValue(file, statement.test, last.argument)
  );
}
